// Who may import whom (docs/architecture.md). scripts/check.ts also fails when nothing was cruised.

/**
 * Folders and files of one process in the order of their layers: a layer imports itself and the ones before it. Names with
 * bars between them share a layer.
 */
function layered(base, layers) {
  return layers.slice(0, -1).map((layer, index) => ({
    name: `${base}-${layer}`.replaceAll(/[^a-z-]/g, '-'),
    comment: `${layer} must not know ${layers.slice(index + 1).join(', ')}`,
    severity: 'error',
    from: { path: `^src/${base}/(${layer})(/|\\.ts$)` },
    to: { path: `^src/${base}/(${layers.slice(index + 1).join('|')})(/|\\.ts$)` },
  }));
}

/** Files below `from` must not import anything that matches `to`. */
function forbid(name, comment, from, to) {
  return { name, comment, severity: 'error', from, to };
}

const runtimes = '^(electron$|node_modules/electron/|react$|node_modules/react(-dom)?/)';

module.exports = {
  forbidden: [
    forbid('no-circular', 'a circle has no order to read it in', {}, { circular: true }),
    forbid('no-unresolvable', 'the import leads nowhere', {}, { couldNotResolve: true, pathNot: '^electron$' }),
    forbid('nothing-imports-tests', 'the product does not know its tests', { pathNot: '^tests/' }, { path: '^tests/' }),
    forbid(
      'product-without-scripts',
      'the product does not know the tools around it',
      { path: '^src/' },
      { path: '^scripts/' },
    ),

    forbid(
      'shared-alone',
      'shared/ imports nothing of the other rooms',
      { path: '^src/shared/' },
      { path: '^src/(main|renderer|server)/' },
    ),
    forbid(
      'shared-pure-packages',
      'shared/ runs everywhere: no Electron, no React',
      { path: '^src/shared/' },
      { path: runtimes },
    ),
    forbid(
      'shared-pure-node',
      'shared/ runs everywhere: no Node modules',
      { path: '^src/shared/' },
      { dependencyTypes: ['core'] },
    ),
    ...layered('shared', ['kernel', 'domain', 'sync', 'contract']),

    forbid(
      'main-room',
      'Electron processes do not import the page or the server',
      { path: '^src/main/' },
      { path: '^src/(renderer|server)/' },
    ),
    forbid(
      'data-without-electron',
      'the data process runs without Electron',
      { path: '^src/main/data/' },
      { path: '(^|/)electron($|/)' },
    ),
    forbid(
      'data-behind-its-entry',
      'main knows the data process by the path of its entry only',
      { path: '^src/main/(shell|host|preload)/|^src/main/index' },
      { path: '^src/main/data/' },
    ),
    forbid(
      'data-knows-data-only',
      'the data process does not know the windows',
      { path: '^src/main/data/' },
      { path: '^src/main/(shell|host|preload)/' },
    ),
    forbid(
      'preload-alone',
      'a sandboxed preload script hands over ports, nothing else',
      { path: '^src/main/preload/' },
      { path: '^src/main/(shell|host)/' },
    ),
    ...layered('main', ['host', 'shell', 'index']),
    ...layered('main/data', [
      'errors',
      'db',
      'keys',
      'repositories',
      'search',
      'suggest',
      'attachments',
      'duplicates',
      'services',
      'sync',
      'session',
      'rpc',
      'data-process',
      'index',
    ]),
    forbid(
      'keys-for-the-session-only',
      'only unlocking and locking handle keys; what works on the open database never sees one',
      { path: '^src/main/data/(repositories|search|suggest|attachments|duplicates|services|sync|rpc)/' },
      { path: '^src/main/data/keys/' },
    ),

    forbid(
      'renderer-room',
      'the page does not import Electron processes or the server',
      { path: '^src/renderer/' },
      { path: '^src/(main|server)/' },
    ),
    forbid('renderer-web-only', 'the page is a web page', { path: '^src/renderer/' }, { dependencyTypes: ['core'] }),
    forbid(
      'renderer-no-electron',
      'the page is a web page',
      { path: '^src/renderer/' },
      { path: '(^|/)electron($|/)' },
    ),
    ...layered('renderer', ['ui', 'platform', 'terms', 'features', 'app']),
    forbid(
      'features-apart',
      'features do not know each other; app composes them',
      { path: '^src/renderer/features/([^/]+)/' },
      { path: '^src/renderer/features/', pathNot: '^src/renderer/features/$1/' },
    ),
    forbid(
      'phone-window-apart',
      'the hidden window that owns the call shares no code with the visible ones',
      { path: '^src/renderer/phone/' },
      { path: '^src/renderer/(ui|terms|platform|features|app)/' },
    ),
    forbid(
      'windows-without-phone',
      'windows mirror the call, they do not own it',
      { path: '^src/renderer/(ui|terms|platform|features|app)/' },
      { path: '^src/renderer/phone/' },
    ),

    ...layered('server', [
      'log|startup-error|service-error|derived-uuid',
      'config|db|postgres',
      'migrations',
      'accounts|auth',
      'sync',
      'attachments',
      'units',
      'open311',
      'bulk',
      'services',
      'import|demo|knowledge|http',
      'server|import-command',
      'main',
    ]),
    forbid(
      'http-without-tools',
      'requests are answered without the tools that fill a centre, and the tools run without HTTP',
      { path: '^src/server/(http|import|demo|knowledge)/' },
      { path: '^src/server/(http|import|demo|knowledge)/', pathNot: ['^src/server/$1/', '^src/server/knowledge/'] },
    ),
    forbid(
      'server-room',
      'the server uses shared/ and itself',
      { path: '^src/server/' },
      { path: '^src/(main|renderer)/' },
    ),
    forbid(
      'server-without-desktop',
      'the server runs without Electron and React',
      { path: '^src/server/' },
      { path: runtimes },
    ),
  ],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '^(out|dist|\\.cache)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
