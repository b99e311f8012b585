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
