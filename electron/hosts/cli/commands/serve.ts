import { serveAnswer } from '../../../../shared/contract/answers.ts'
import { findBrowser } from '../../../engine/doctor/browser.ts'
import { homeFolder } from '../../../engine/home.ts'
import { startWebStudio } from '../../web/main.ts'
import { openInBrowser } from '../../web/open-in-browser.ts'
import { builtRenderer } from '../../web/renderer-build.ts'
import { defineCommand, UsageError } from '../command.ts'

export const serveCommand = defineCommand({
  usage: '[--port N] [--open]',
  positionals: [0, 0],
  options: { port: { type: 'string' }, open: { type: 'boolean' } },
  answer: serveAnswer,
  async run({ options, signal, say }) {
    const port = Number(options['port'] ?? 0)
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError('--port is a number from 0 to 65535')
    const studio = await startWebStudio({
      home: homeFolder(),
      rendererFolder: await builtRenderer(say),
      port,
      resumeJobs: true,
    })
    const url = studio.link()
    const browser = options['open'] ? findBrowser() : null
    if (options['open'] && !browser) say('No browser was found to open; use the address.')
    const takeAway = browser ? await openInBrowser(browser, url, homeFolder()) : null
    // The answer is the address, and the server lives until Ctrl-C: so it is printed here, at once.
    process.stdout.write(
      options['json']
        ? `${JSON.stringify({ url })}\n`
        : `The studio is at ${url}\n(the link works once; Ctrl-C stops the studio)\n`,
    )
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve()
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    await takeAway?.()
    await studio.close()
    return { answer: { url }, printed: true }
  },
  report: (answer) => [answer.url],
})
