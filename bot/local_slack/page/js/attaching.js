// Files on their way into a message: uploaded at once, shown as they go, sent by their ids.
import { useEffect, useRef, useState } from "../vendor/preact.js";
import { upload } from "./api.js";
import { notice } from "./notices.js";
import { me } from "./store.js";

const MOST = 10; // as in Slack's own composer

/**
 * {files, add(FileList), remove(one), uploaded(), clear()} of a composer. A file is {key, name, size, preview, share,
 * failed}; `uploaded()` resolves to the ids once everything is there.
 */
export function useAttachments() {
  const [files, setFiles] = useState([]);
  const now = useRef([]);
  const put = (next) => setFiles((now.current = next));
  const change = (key, facts) => put(now.current.map((one) => (one.key === key ? { ...one, ...facts } : one)));
  useEffect(() => () => now.current.forEach(letGo), []);

  function add(given) {
    const room = MOST - now.current.length;
    if (given.length > room) notice(`A message takes ${MOST} files; the last ${given.length - room} are left out.`);
    for (const file of [...given].slice(0, Math.max(0, room))) start(file);
  }

  function start(file) {
    const key = Math.random().toString(36).slice(2);
    const sending = upload(me.value.name, file, (share) => change(key, { share }));
    const preview = file.type.startsWith("image/") ? URL.createObjectURL(file) : null;
    put([...now.current, { key, name: file.name || "image.png", size: file.size, preview, share: 0, sending }]);
    sending.done.then(
      () => change(key, { share: 1 }),
      (error) => now.current.some((one) => one.key === key) && fail(key, error),
    );
  }

  function fail(key, error) {
    change(key, { failed: true });
    notice(error.message);
  }

  function remove(one) {
    put(now.current.filter((other) => other.key !== one.key));
    one.sending.abort();
    letGo(one);
  }

  const uploaded = () => Promise.all(now.current.filter((one) => !one.failed).map((one) => one.sending.done));

  function clear() {
    now.current.forEach(letGo);
    put([]);
  }

  return { files, add, remove, uploaded, clear };
}

const letGo = (one) => one.preview && URL.revokeObjectURL(one.preview);
