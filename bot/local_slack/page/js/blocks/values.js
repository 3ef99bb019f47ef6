// What inputs hold before anybody touches them, as /_local/submit takes it: by action id.

/** The initial value of one element; `channel`: where the person is. */
export function initialOf(element, channel) {
  const many = element.type.startsWith("multi_") || element.type === "checkboxes";
  if (element.default_to_current_conversation && channel) return many ? [channel] : channel;
  if (many && element.initial_options) return element.initial_options.map((one) => one.value);
  if (element.initial_option) return element.initial_option.value;
  const given = (many ? MANY : ONE).find((name) => element[name] !== undefined);
  return element[given] ?? (many ? [] : null);
}

const MANY = ["initial_users", "initial_channels", "initial_conversations"];
const ONE = [
  ...["initial_user", "initial_channel", "initial_conversation", "initial_date", "initial_time"],
  ...["initial_date_time", "initial_value"],
];

function elementsOf({ element, accessory, elements = [] }) {
  return [element, accessory, ...elements].filter((one) => one?.action_id);
}

/** Of all inputs of a view. */
export function initialValues(blocks, channel) {
  const elements = blocks.flatMap(elementsOf);
  return Object.fromEntries(elements.map((element) => [element.action_id, initialOf(element, channel)]));
}
