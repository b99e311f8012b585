import { createApp } from "vue";
import App from "./app.vue";
import { createPeople } from "./people/people.ts";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/tables.css";
import "./styles/charts.css";

const { key, people } = createPeople();
// In a task of its own: to read the script takes as long as the first drawing.
setTimeout(() => createApp(App).provide(key, people).mount("#app"));
