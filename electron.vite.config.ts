import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const here = import.meta.dirname

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
          'workers/space-register': resolve(here, 'electron/workers/space-register.ts'),
          'workers/signer': resolve(here, 'electron/workers/signer.ts'),
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
      rollupOptions: { input: resolve(here, 'renderer/index.html') },
    },
  },
})
