import { App } from "cdk8s";
import { ClimaAppChart } from "./clima-app.ts";
import { DemoChart } from "./demo.ts";
import { Proyecto3Chart } from "./proyecto3.ts";
import { chartSuite } from "./testing/chart.suite.ts";
import { VotacionesChart } from "./votaciones.ts";

const app = new App();

chartSuite("clima-app", new ClimaAppChart(app, "clima-app").toJson());
chartSuite("proyecto3", new Proyecto3Chart(app, "proyecto3").toJson());
chartSuite("votaciones", new VotacionesChart(app, "votaciones").toJson());
chartSuite(
  "votaciones by Strimzi",
  new VotacionesChart(app, "strimzi", { kafka: "strimzi" }).toJson(),
);
chartSuite("demo", new DemoChart(app, "demo").toJson());

const option = { keda: { scaling: "lag" }, gateway: { wayIn: "gateway" } } as const;

for (const [by, props] of Object.entries(option)) {
  const id = (name: string) => `${by}-${name}`;
  chartSuite(`clima-app by ${by}`, new ClimaAppChart(app, id("clima-app"), props).toJson());
  chartSuite(`proyecto3 by ${by}`, new Proyecto3Chart(app, id("proyecto3"), props).toJson());
  chartSuite(`votaciones by ${by}`, new VotacionesChart(app, id("votaciones"), props).toJson());
}
chartSuite(
  "clima-app by operators",
  new ClimaAppChart(app, "operators-clima-app", { rabbit: "operator" }).toJson(),
);
chartSuite(
  "proyecto3 by operators",
  new Proyecto3Chart(app, "operators-proyecto3", { rabbit: "operator" }).toJson(),
);
chartSuite(
  "votaciones by operators",
  new VotacionesChart(app, "operators-votaciones", { mongo: "operator" }).toJson(),
);
