import { join } from "node:path";
import { embeddedBroker } from "../../lib/broker/embedded/embedded-broker.ts";
import { type EventId, newEventId } from "../../lib/event/event-id.ts";

const publishMs = 5_000;

/** What a station in the field might send: a place that nobody knows, a text that was cut, a heat that nobody measured. */
const unreadable = [
  '{"municipio":"Tikal","temperatura":31,"humedad":74,"clima":"Soleado"}',
  '{"municipio":"Guatemala","temperatura":21,"humed',
  '{"municipio":"Mixco","temperatura":212,"humedad":64,"clima":"Nublado"}',
];

/** Two votes under one id: the second is set aside. */
const conflicting = [
  '{"name":"Soda Stereo","album":"Dynamo","year":"1992","rank":"1"}',
  '{"name":"Soda Stereo","album":"Sueño Stereo","year":"1995","rank":"1"}',
];

/** Lays messages of producers that are not ours on the lanes in laptop mode's folder, before laptop mode starts. */
export async function layForeignMessages(dir: string): Promise<void> {
  await using broker = embeddedBroker({ file: join(dir, "broker.sqlite") });
  const lay = async (lane: string, body: string, id: EventId) => {
    await using publisher = broker.publisher(lane);
    const message = { id, key: undefined, body: new TextEncoder().encode(body), headers: {} };
    const [result] = await publisher.publish([message], { deadlineAtMs: Date.now() + publishMs });
    if (result?.stored === false) throw result.error;
  };
  for (const body of unreadable) await lay("clima-app/kafka", body, newEventId());
  const id = newEventId();
  for (const body of conflicting) await lay("votaciones/kafka", body, id);
}
