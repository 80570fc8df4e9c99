// Plain JavaScript on purpose: it has to run, and to speak clearly, on a Node that cannot run the rest.
import module from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `error: Asterism needs Node 22.18 or newer, this is ${process.versions.node}. ` +
      'Run it through npm (npm ci brings Node 24 on Linux and Windows), or install a newer Node.\n',
  )
  process.exit(1)
}
// Compiled code and stripped types are kept between runs: a command starts in half the time (threads and processes
// go by the variable). They lie beside the program, for whoever can write there can change the program
// itself; the place that Node would take, in the system's folder of temporary files, may have been made by anybody.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url))
module.enableCompileCache(process.env.NODE_COMPILE_CACHE)
const [script] = process.argv.splice(2, 1)
await import(pathToFileURL(script).href)
