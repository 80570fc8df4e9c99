import { readdirSync } from 'node:fs'
import { parse, resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const here = import.meta.dirname

/** Every file in electron/workers is the entry of a thread or a process and becomes a file of its own. */
function workerEntries(): Record<string, string> {
  const folder = resolve(here, 'electron/workers')
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'locate.ts')
  return Object.fromEntries(names.map((name) => [`workers/${parse(name).name}`, resolve(folder, name)]))
}

/**
 * Three bundles: main (with the entries of the workers and the signer beside it), preload, renderer. The preload bundles
 * what it imports: a sandboxed preload cannot require packages.
 */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rollupOptions: {
        input: {
          main: resolve(here, 'electron/hosts/desktop/main.ts'),
          ...workerEntries(),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: resolve(here, 'electron/hosts/desktop/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      // Everything the window loads stands in files of its own: the content security policy allows nothing inline.
      assetsInlineLimit: 0,
      minify: true,
      rollupOptions: { input: resolve(here, 'renderer/index.html') },
    },
  },
})
