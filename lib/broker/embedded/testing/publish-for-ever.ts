// Publishes to both lanes of the broker in the file that the argument names, and prints the id of every message that was
// acknowledged by both, until somebody kills it.
import { message, soon } from "../../testing/messages.ts";
import { embeddedBroker } from "../embedded-broker.ts";

const [file = ""] = process.argv.slice(2);
const broker = embeddedBroker({ file });
const lanes = ["kafka", "rabbit"].map((lane) => broker.publisher(lane));
const publishForEver = async () => {
  for (;;) {
    const sent = message();
    const results = await Promise.all(lanes.map((lane) => lane.publish([sent], soon())));
    if (results.flat().every(({ stored }) => stored)) process.stdout.write(`${sent.id}\n`);
  }
};
for (let i = 0; i < 20; i++) void publishForEver();
