// Plain JavaScript on purpose: it has to run, and to speak clearly, on a Node that cannot run the rest.
import module from 'node:module'
import { pathToFileURL } from 'node:url'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `error: Asterism needs Node 22.18 or newer, this is ${process.versions.node}. ` +
      'Run it through npm (npm ci brings Node 24 on Linux and Windows), or install a newer Node.\n',
  )
  process.exit(1)
}
// Compiled code and stripped types are kept between runs: a command starts in half the time.
module.enableCompileCache()
const [script] = process.argv.splice(2, 1)
await import(pathToFileURL(script).href)
