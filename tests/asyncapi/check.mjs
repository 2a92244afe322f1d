// Reads the AsyncAPI document named on the command line and prints what the parser made of it as one JSON object.
import { Parser, fromFile } from "@asyncapi/parser";

const { document, diagnostics } = await fromFile(new Parser(), process.argv[2]).parse();
const channels = document ? document.channels().all() : [];
console.log(
  JSON.stringify({
    problems: diagnostics
      .filter((found) => found.code !== "asyncapi-latest-version")
      .map((found) => `${found.path.join(".")}: ${found.message}`),
    channels: Object.fromEntries(
      channels.map((channel) => [channel.address(), channel.messages().all().map((message) => message.id())]),
    ),
    operations: document ? document.operations().all().map((operation) => operation.id()) : [],
  }),
);
