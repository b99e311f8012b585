import { openAuthentication } from "../../auth/open-authentication.ts";
import { keptLog, keysFile, testKey } from "../../auth/testing/keys.ts";
import type { DoorOptions } from "../door-options.ts";

/** Keys of two clients, `web` and `app`, and what doors need to ask for them. */
export async function keyed(options = "") {
  const [web, app] = [testKey("web", options), testKey("app")];
  const resources = new DisposableStack();
  const { file } = resources.use(keysFile(web.line, app.line));
  const { lines, log } = keptLog();
  const refused: string[] = [];
  const authentication = await openAuthentication(
    { API_KEYS_FILE: file, CLIENT_RATE: 0 },
    { log, onRefused: (reason) => refused.push(reason), clock: Date.now },
  );
  resources.use(authentication);
  return {
    ...{ web: web.key, app: app.key, refused, lines },
    door: { authentication } satisfies Partial<DoorOptions>,
    /** Ends it, and all that the audit log has to say is in `lines`. */
    [Symbol.dispose]: () => resources.dispose(),
  };
}

/** A header that presents a key. */
export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
