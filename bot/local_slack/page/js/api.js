// The server's side of the page: everything goes over /_local/, with the cookie that "/" has set.

const UNANSWERED = 502; // the app was told and said nothing in time, or nobody is connected

/** What the server refused, in its own sentence. */
export class Refusal extends Error {}

/** GET /_local/<name>. Throws: Refusal. */
export function look(name, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  return ask(`/_local/${name}?${new URLSearchParams(given)}`);
}

/** POST /_local/<name>. Throws: Refusal. */
export function act(name, said) {
  return ask(`/_local/${name}`, { method: "POST", body: JSON.stringify(said) });
}

async function ask(path, how, again = true) {
  const response = await fetch(path, how).catch(() => {
    throw new Refusal("The workspace cannot be reached.");
  });
  if (response.status === 401 && again) {
    await renew();
    return ask(path, how, false);
  }
  const answer = await response.json().catch(() => ({ error: response.statusText }));
  if (response.status === UNANSWERED) throw new Refusal(`The app did not answer (${answer.error}). Try again.`);
  if (!response.ok) throw new Refusal(answer.error);
  return answer;
}

/** A workspace that keeps nothing has a new token after a restart. */
export function renew() {
  return fetch("/", { cache: "no-store" });
}

/** Uploads a file. `told` hears the share that is done, 0 to 1. The promise has the file's id; `abort()` ends it. */
export function upload(person, file, told) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    request.upload.onprogress = (event) => event.lengthComputable && told(event.loaded / event.total);
    request.onload = () => {
      if (request.status === 200) resolve(JSON.parse(request.responseText).id);
      else reject(new Refusal(`${file.name} was not taken: ${request.statusText}.`));
    };
    request.onerror = () => reject(new Refusal(`${file.name} was not uploaded.`));
    request.onabort = () => reject(new Refusal(`${file.name} was left out.`));
  });
  request.open("POST", `/_local/upload?${new URLSearchParams({ person, name: file.name || "image.png" })}`);
  request.send(file);
  return { done, abort: () => request.abort() };
}

/** Where the bytes of a file of the workspace are. */
export const fileAddress = (id) => `/_local/files/${encodeURIComponent(id)}`;
