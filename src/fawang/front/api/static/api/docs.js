// Shows the operations. Requests of a logged-in person carry the token of their session.
"use strict";

const place = document.getElementById("swagger-ui");

function token() {
  const found = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  return found ? found.split("=")[1] : "";
}

window.SwaggerUIBundle({
  url: place.dataset.document,
  dom_id: "#swagger-ui",
  deepLinking: true,
  presets: [window.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  tryItOutEnabled: true,
  requestInterceptor: (request) => {
    if (token()) {
      request.headers["X-CSRFToken"] = token();
    }
    return request;
  },
});
