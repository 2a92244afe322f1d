// A ScaledObject on standard input against KEDA's own schema. Says what is wrong on standard error; exit 1.
import { readFileSync } from "node:fs";
import { ScaledObject } from "@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject";

try {
  new ScaledObject(JSON.parse(readFileSync(0, "utf8"))).validate();
} catch (error) {
  console.error(String(error.message));
  process.exit(1);
}
