// Starts the page.
import { startBedrock } from "./bedrock.js";
import { startCanvases } from "./canvases.js";
import { startChannel } from "./channel.js";
import { byId, fill, h } from "./dom.js";
import { follow } from "./events.js";
import { loadState } from "./loading.js";
import { startModals } from "./modals.js";
import { startRoutes } from "./routes.js";
import { startSidebar } from "./sidebar.js";
import { startThread } from "./thread.js";
import { restoreTheme, startTopbar } from "./topbar.js";

/** @param {boolean} connected whether the stream of events is open */
function tellConnection(connected) {
  document.body.toggleAttribute("data-offline", !connected);
}

async function start() {
  restoreTheme();
  const as = new URLSearchParams(location.search).get("as");
  let seq;
  try {
    seq = await loadState(as);
  } catch (error) {
    fill(byId("channel"), h("p", { class: "home-empty", role: "alert" }, error instanceof Error ? error.message : String(error)));
    setTimeout(() => location.reload(), 3000);
    return;
  }
  startTopbar();
  startSidebar();
  startChannel();
  startThread();
  startModals();
  startBedrock();
  startCanvases();
  startRoutes();
  follow(seq, tellConnection);
  document.body.dataset.ready = "";
}

void start();
