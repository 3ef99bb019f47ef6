// What inputs hold before anybody touches them, as /_local/submit takes it: by action id.

/** The initial value of one element; `channel`: where the person is. */
export function initialOf(element, channel) {
  const many = element.type.startsWith("multi_");
  if (element.default_to_current_conversation && channel) return many ? [channel] : channel;
  if (many || element.type === "checkboxes") {
    const ids = element.initial_users ?? element.initial_channels ?? element.initial_conversations;
    return element.initial_options?.map((one) => one.value) ?? ids ?? [];
  }
  const chosen = element.initial_option?.value ?? element.initial_user ?? element.initial_channel ?? element.initial_conversation;
  const when = element.initial_date ?? element.initial_time ?? element.initial_date_time;
  return chosen ?? when ?? element.initial_value ?? null;
}

const elementsOf = (block) => [block.element, block.accessory, ...(block.elements ?? [])].filter((one) => one?.action_id);

/** Of all inputs of a view. */
export function initialValues(blocks, channel) {
  return Object.fromEntries(blocks.flatMap(elementsOf).map((element) => [element.action_id, initialOf(element, channel)]));
}
