// The layers of docs/architecture.md. tests/unit/architecture.test.ts plants violations and sees that they are caught.
const NODE_BUILTINS =
  '^(node:)?(fs|path|os|child_process|worker_threads|http|https|net|crypto|stream|url|util|zlib|module|process|readline|events|buffer|v8|vm|tls|dgram|dns)(/|$)'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'shared-is-isomorphic',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: ['^electron/', '^renderer/', '^tests/', '^tools/'] },
    },
    { name: 'shared-no-node', severity: 'error', from: { path: '^shared/' }, to: { dependencyTypes: ['core'] } },
    { name: 'shared-no-node-by-name', severity: 'error', from: { path: '^shared/' }, to: { path: NODE_BUILTINS } },
    {
      name: 'shared-no-react',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: 'node_modules/(react|react-dom|three|@react-three|electron)/' },
    },
    {
      name: 'renderer-only-shared',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: ['^electron/', '^tests/', '^tools/'] },
    },
    { name: 'renderer-no-node', severity: 'error', from: { path: '^renderer/' }, to: { dependencyTypes: ['core'] } },
    {
      name: 'electron-only-in-desktop-host',
      severity: 'error',
      from: { pathNot: '^electron/hosts/desktop/' },
      to: { path: '(^electron$|node_modules/electron/)' },
    },
    {
      name: 'engine-knows-no-host',
      severity: 'error',
      from: { path: '^electron/engine/' },
      to: { path: '^electron/hosts/' },
    },
    {
      name: 'workers-know-no-host',
      severity: 'error',
      from: { path: '^electron/workers/' },
      to: { path: '^electron/hosts/' },
    },
    // The command line starts the browser host (`serve`); otherwise hosts stand apart.
    {
      name: 'hosts-apart',
      severity: 'error',
      from: { path: '^electron/hosts/(desktop|web)/' },
      to: { path: '^electron/hosts/(desktop|web|cli)/', pathNot: '^electron/hosts/$1/' },
    },
    {
      name: 'preload-is-tiny',
      severity: 'error',
      from: { path: '^electron/hosts/desktop/preload\\.ts$' },
      to: { pathNot: ['^electron/hosts/desktop/channels\\.ts$', '(^electron$|node_modules/electron/)'] },
    },
    // A command starts with what it needs: whatever else there is is imported when it is used.
    {
      name: 'commands-load-when-used',
      severity: 'error',
      from: { path: '^electron/hosts/cli/(main|help|commands/index)\\.ts$' },
      to: {
        path: ['^electron/hosts/cli/commands/(?!index)', '^electron/engine/engine\\.ts$'],
        dependencyTypesNot: ['dynamic-import', 'type-only'],
      },
    },
    {
      name: 'work-loads-when-used',
      severity: 'error',
      from: { path: '^electron/engine/(engine|work/index)\\.ts$' },
      to: {
        path: '^electron/engine/work/(?!index|registry)',
        dependencyTypesNot: ['dynamic-import', 'type-only'],
      },
    },
    // What programs inherit is decided in one place.
    {
      name: 'programs-start-in-one-place',
      severity: 'error',
      from: { path: '^electron/', pathNot: '^electron/engine/programs\\.ts$' },
      to: { path: '^(node:)?child_process$', dependencyTypesNot: ['type-only'] },
    },
    { name: 'not-from-tests', severity: 'error', from: { pathNot: '^(tests|tools)/' }, to: { path: '^tests/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
