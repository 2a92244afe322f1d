// Publish the articles in JSON files: node publish.mjs FILE…   (needs: npm install kafkajs)
import { readFile } from "node:fs/promises";
import { Kafka, Partitioners, logLevel } from "kafkajs";

const kafka = new Kafka({
  clientId: "my-wire",
  brokers: process.env.STORYLINE_KAFKA_BOOTSTRAP_SERVERS.split(","),
  logLevel: logLevel.WARN,
});
const producer = kafka.producer({
  idempotent: true, // a retry after a lost answer doesn't become a second record
  maxInFlightRequests: 1,
  createPartitioner: Partitioners.DefaultPartitioner, // places a key as every other client of Kafka does
});

await producer.connect();
for (const path of process.argv.slice(2)) {
  const value = await readFile(path);
  const article = JSON.parse(value);
  const [sent] = await producer.send({
    topic: process.env.TOPIC ?? "articles",
    acks: -1,
    messages: [{ key: article.space ?? "world", value }], // the key is the space
  });
  console.log(`${article.uri}: partition ${sent.partition}, offset ${sent.baseOffset}`);
}
await producer.disconnect();
