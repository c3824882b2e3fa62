/** Its addresses are relative, for proxies that put something before them. `version` stands for those of all files. */
export function pageHtml(version: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>CryptoFlow: the API</title>
    <link rel="icon" type="image/png" href="docs/favicon-32x32.png?v=${version}" />
    <link rel="stylesheet" href="docs/swagger-ui.css?v=${version}" />
    <link rel="stylesheet" href="docs/page.css?v=${version}" />
  </head>
  <body>
    <form id="key-form" hidden>
      <label>API key <input id="key" type="password" autocomplete="off" required /></label>
      <button>Show the API</button>
      <output id="words"></output>
    </form>
    <main id="page"></main>
    <script src="docs/swagger-ui-bundle.js?v=${version}"></script>
    <script src="docs/page.js?v=${version}"></script>
  </body>
</html>
`;
}

export const PAGE_CSS = `body { margin: 0; }
#key-form { max-width: 40rem; margin: 4rem auto; padding: 0 1rem; font-family: sans-serif; }
#key-form input { width: 60%; padding: 0.4rem; }
`;

/** Where the service has keys, the document takes one: it stays in the page's memory, and goes nowhere else. */
export const PAGE_JS = `const source = new URL('docs/openapi.json', location.href).href;
const form = document.getElementById('key-form');
const words = document.getElementById('words');

function show(key) {
  form.hidden = true;
  const page = SwaggerUIBundle({
    url: source,
    dom_id: '#page',
    deepLinking: true,
    displayRequestDuration: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    requestInterceptor: (request) => {
      if (key && request.loadSpec) request.headers['X-API-Key'] = key;
      return request;
    },
    onComplete: () => {
      if (key) page.preauthorizeApiKey('apiKey', key);
    },
  });
}

async function open(key) {
  const { status } = await fetch(source, { headers: key ? { 'X-API-Key': key } : {} });
  if (status !== 401) return show(key);
  form.hidden = false;
  words.textContent = key ? 'This is none of the keys.' : '';
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void open(document.getElementById('key').value);
});
void open('');
`;
