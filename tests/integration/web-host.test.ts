import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import WebSocket from 'ws'
import type { SigningDescription } from '../../electron/engine/chain/signer/description.ts'
import { state } from '../../electron/engine/chain/signer/statements.ts'
import { createEngine, type Engine } from '../../electron/engine/engine.ts'
import { questionsOver } from '../../electron/hosts/question.ts'
import { ConfirmServer } from '../../electron/hosts/web/confirm-server.ts'
import { openInBrowser } from '../../electron/hosts/web/open-in-browser.ts'
import { startWebHost, type WebHost } from '../../electron/hosts/web/server.ts'
import { letIn } from '../fixtures/contract/transports.ts'

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A request with every header as given: fetch would not forge a Host. */
async function send(
  origin: string,
  path: string,
  headers: Record<string, string>,
  method = 'GET',
  body = '',
): Promise<Answer> {
  const url = new URL(origin)
  return await new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port: url.port, path, method, headers: { Host: url.host, ...headers } },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        )
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

/** A window's folder, and beside and above it what must not be served. */
function writeWindow(folder: string): string {
  for (const path of ['renderer/index.html', 'main/main.js', '../package.json']) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), `of ${path}`)
  }
  return join(folder, 'renderer')
}

describe('the browser host', () => {
  let home: string
  let engine: Engine
  let confirm: ConfirmServer
  let host: WebHost
  let cookie: string

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'asterism-web-'))
    engine = await createEngine({
      home,
      resumeJobs: false,
      host: {},
      rendererFolder: writeWindow(join(home, 'out')),
    })
    confirm = new ConfirmServer()
    await confirm.listen()
    host = await startWebHost(engine, confirm, 0)
    cookie = await letIn(host.link())
  })
  afterAll(async () => {
    await host.close()
    await confirm.close()
    await engine.close()
    rmSync(home, { recursive: true, force: true })
  })

  test('listens on the loopback address only', async () => {
    expect(host.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    // What listens to the network listens to the other addresses of this machine as well.
    for (const address of ['127.0.0.2', '::1']) {
      const heard = await new Promise<boolean>((resolve) => {
        const socket = connect(Number(new URL(host.origin).port), address, () => resolve(true))
        socket.once('error', () => resolve(false))
        socket.once('close', () => resolve(false))
        socket.setTimeout(5_000, () => socket.destroy())
        socket.once('connect', () => socket.destroy())
      })
      expect(heard, address).toBe(false)
    }
  })

  test('a port that is taken is told in words', async () => {
    const port = Number(new URL(host.origin).port)
    const second = startWebHost(engine, confirm, port)
    await expect(second).rejects.toMatchObject({
      code: 'conflict',
      message: `Port ${port} is taken by another program.`,
    })
  })

  test('a request that names another host is turned away (DNS rebinding)', async () => {
    for (const forged of ['evil.example', 'localhost', `evil.example:${new URL(host.origin).port}`]) {
      expect((await send(host.origin, '/', { Host: forged, Cookie: cookie })).status, forged).toBe(421)
    }
  })

  test('without the cookie nothing is served', async () => {
    for (const path of ['/', '/host.json', '/media/x/original', '/index.html']) {
      expect((await send(host.origin, path, {})).status, path).toBe(401)
      expect((await send(host.origin, path, { Cookie: 'asterism=guess' })).status, path).toBe(401)
    }
  })

  test('the link works once, and its secret leaves the address', async () => {
    const link = new URL(host.link())
    const first = await send(host.origin, `${link.pathname}${link.search}`, {})
    expect(first.status).toBe(200)
    expect(first.body).toContain('url=/"')
    expect(first.body).not.toContain(link.searchParams.get('t'))
    expect(first.headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict/)
    expect((await send(host.origin, `${link.pathname}${link.search}`, {})).status).toBe(401)
  })

  test('a browser is started without the link among its words: it lies in a private file, for a moment', async () => {
    const [program, words] = [join(home, 'browser.sh'), join(home, 'words')]
    writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$0" "$@" > '${words}.part' && mv '${words}.part' '${words}'\n`, {
      mode: 0o700,
    })
    const link = host.link()
    const takeAway = await openInBrowser(program, link, home)
    const given = await vi.waitFor(() => readFileSync(words, 'utf8'), { timeout: 10_000 })
    expect(given).not.toContain(new URL(link).searchParams.get('t'))
    const file = fileURLToPath(given.trim().split('\n')[1]!)
    expect(statSync(file).mode & 0o077).toBe(0)
    expect(readFileSync(file, 'utf8')).toContain(`url=${link}"`)
    await takeAway()
    expect(existsSync(file)).toBe(false)
  })

  test('what changes something must come from its own page (CSRF)', async () => {
    const path = `/upload/${crypto.randomUUID()}?path=a.txt`
    expect((await send(host.origin, path, { Cookie: cookie }, 'POST', 'x')).status).toBe(403)
    expect(
      (await send(host.origin, path, { Cookie: cookie, Origin: 'https://evil.example' }, 'POST', 'x')).status,
    ).toBe(403)
  })

  test('a socket from another origin, host or without the cookie is refused', async () => {
    const open = async (headers: Record<string, string>): Promise<string> =>
      await new Promise((resolve) => {
        const socket = new WebSocket(`${host.origin.replace('http', 'ws')}/rpc`, { headers })
        socket.once('open', () => {
          socket.terminate()
          resolve('open')
        })
        socket.once('error', (error) => resolve(error.message))
      })
    expect(await open({ Cookie: cookie, Origin: 'https://evil.example' })).toContain('403')
    expect(await open({ Cookie: cookie })).toContain('403')
    expect(await open({ Origin: host.origin })).toContain('401')
    expect(await open({ Cookie: cookie, Origin: host.origin, Host: 'evil.example' })).toContain('421')
    expect(await open({ Cookie: cookie, Origin: host.origin })).toBe('open')
  })

  test('the window comes under its policy; nothing above its folder does', async () => {
    const page = await send(host.origin, '/', { Cookie: cookie })
    expect(page).toMatchObject({ status: 200, body: 'of renderer/index.html' })
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'.*script-src 'self'/)
    expect(page.headers['content-security-policy']).not.toContain('unsafe-inline')
    for (const path of [
      '/../package.json',
      '/..%2fmain/main.js',
      '/%2e%2e/%2e%2e/package.json',
      '/..%5cmain',
      '/assets/%00',
      '/%',
    ]) {
      expect((await send(host.origin, path, { Cookie: cookie })).status, path).toBe(404)
    }
  })

  test('uploads stay inside their batch', async () => {
    await engine.client.projects.create({ title: 'Uploads' })
    const batch = crypto.randomUUID()
    const upload = async (path: string): Promise<number> =>
      (
        await send(
          host.origin,
          `/upload/${batch}?path=${encodeURIComponent(path)}`,
          { Cookie: cookie, Origin: host.origin },
          'POST',
          'bytes',
        )
      ).status
    for (const path of ['../x', 'a/../../x', '/etc/x', 'a\\b', 'a\0b', '', '.', 'C:x', 'a.partial'])
      expect(await upload(path), JSON.stringify(path)).toBe(400)
    expect(await upload('phone/odometry.csv')).toBe(200)
    const done = await send(host.origin, `/upload/${batch}/done`, { Cookie: cookie, Origin: host.origin }, 'POST')
    expect((JSON.parse(done.body) as { files: string[] }).files).toHaveLength(1)
  })

  describe('the confirmation', () => {
    const request: SigningDescription = {
      title: 'Mint <one> work',
      words: ['Mints one work.'],
      fields: [{ name: 'to', value: '0xabc' }],
      network: 'practice',
      account: '0xdef',
      practice: true,
      stated: {
        title: state('signIn.title', { server: '<one>' }),
        words: [state('mint.own')],
        fields: [{ name: 'to', value: '0xabc' }],
        network: 'practice',
      },
    }
    const questions = questionsOver((question, signal) => confirm.ask(question, signal))
    const nonceIn = (body: string): string => /name="nonce" value="([^"]+)"/.exec(body)?.[1] ?? ''
    let confirmCookie: string
    const get = async (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
      await send(confirm.origin, path, { Cookie: confirmCookie, ...headers })
    const openWindow = async (): Promise<string> => (await get('/')).headers.location!
    /** What a window that is opened now shows. */
    const shown = async (): Promise<Answer> => await get(await openWindow())
    const answer = async (
      nonce: string,
      verdict: string,
      headers: Record<string, string> = {},
      fields: Record<string, string> = {},
      window = '/1/',
    ): Promise<Answer> =>
      await send(
        confirm.origin,
        `${window}answer`,
        {
          Cookie: confirmCookie,
          Origin: confirm.origin,
          'Content-Type': 'application/x-www-form-urlencoded',
          ...headers,
        },
        'POST',
        new URLSearchParams({ nonce, verdict, ...fields }).toString(),
      )

    beforeAll(async () => {
      confirmCookie = await letIn(confirm.link())
      await openWindow()
    })

    test('has an origin of its own, no script, no frame, and shows text as text', async () => {
      expect(confirm.origin).not.toBe(host.origin)
      const pending = questions.confirmSigning(request, new AbortController().signal)
      const page = await shown()
      expect(page.headers['content-security-policy']).toContain("default-src 'none'")
      expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(page.headers['content-security-policy']).not.toContain('script-src')
      expect(page.body).not.toContain('<one>')
      await answer(nonceIn(page.body), 'refuse')
      expect(await pending).toBe(false)
      // A browser has one cookie of a name for all ports of a host: of the same name, one would take the other's place.
      const nameOf = (each: string): string => each.split('=')[0]!
      expect(nameOf(confirmCookie)).not.toBe(nameOf(cookie))
    })

    test('is given to nobody who comes by another name, nor reads forms of any length', async () => {
      const foreign = await send(confirm.origin, '/', { Cookie: confirmCookie, Host: 'evil.example' })
      expect(foreign.status).toBe(421)
      expect((await answer('x'.repeat(100_000), 'sign')).status).toBe(413)
    })

    test("the studio's window cannot press its button", async () => {
      const pending = questions.confirmSigning(request, new AbortController().signal)
      const page = await shown()
      const nonce = nonceIn(page.body)
      // With the studio's own cookie, from the studio's origin, without the nonce, with a guessed one: all refused.
      expect((await answer(nonce, 'sign', { Cookie: cookie })).status).toBe(401)
      expect((await answer(nonce, 'sign', { Origin: host.origin })).status).toBe(403)
      expect((await answer('guess', 'sign')).status).toBe(409)
      expect((await answer('', 'sign')).status).toBe(409)
      await answer(nonce, 'sign')
      expect(await pending).toBe(true)
      expect((await answer(nonce, 'sign')).status).toBe(409)
    })

    test('where something of value moves, only the typed name of the network agrees', async () => {
      const real = { ...request, practice: false, toBeTyped: 'Ethereum' }
      const pending = questions.confirmSigning(real, new AbortController().signal)
      const nonce = nonceIn((await shown()).body)
      expect((await answer(nonce, 'sign')).body).toContain('name="typed"')
      expect((await answer(nonce, 'sign', {}, { typed: 'ethereum' })).body).toContain('name="typed"')
      expect((await answer(nonce, 'sign', {}, { typed: ' Ethereum ' })).body).toContain('Agreed')
      expect(await pending).toBe(true)
    })

    test('a pass phrase is asked for there, and a wallet without one stays locked', async () => {
      const asked = questions.askPassphrase({ address: '<0xdef>' }, new AbortController().signal)
      const page = await shown()
      expect(page.body).toContain('type="password"')
      expect(page.body).not.toContain('<0xdef>')
      await answer(nonceIn(page.body), 'sign', {}, { passphrase: 'of a test' })
      expect(await asked).toBe('of a test')
      const refused = questions.askPassphrase({ address: '0xdef' }, new AbortController().signal)
      const second = await shown()
      const failed = expect(refused).rejects.toMatchObject({ code: 'wallet_locked' })
      await answer(nonceIn(second.body), 'refuse')
      await failed
    })

    test('a newer window stands in for the older ones: they show no question, and say where it goes on', async () => {
      const older = await openWindow()
      const waits = get(`${older}next`)
      const newer = await openWindow()
      expect((await waits).body).toContain('This goes on in a newer window')
      const pending = questions.confirmSigning(request, new AbortController().signal)
      const page = await get(newer)
      const nonce = nonceIn(page.body)
      expect(nonceIn((await get(older)).body)).toBe('')
      // What only looks in is no window, nor is a number that nobody was given.
      expect((await get('/', { 'Sec-Fetch-Dest': 'empty' })).status).toBe(403)
      expect((await get(newer)).body).toBe(page.body)
      expect((await get('/99999/')).status).toBe(404)
      await answer(nonce, 'sign')
      expect(await pending).toBe(true)
      // Pressed twice, or in a window that was left open: it says so and goes on.
      expect((await answer(nonce, 'refuse')).body).toContain('This is no longer asked')
    })

    test('a window in which was answered shows what is asked next until the window of that act is there', async () => {
      const older = await openWindow()
      const first = questions.confirmSigning(request, new AbortController().signal)
      await answer(nonceIn((await get(older)).body), 'sign', {}, {}, older)
      expect(await first).toBe(true)
      const goesOn = get(`${older}next`)
      const second = questions.confirmSigning(request, new AbortController().signal)
      // Its page is on the way, and stays so, until a newer one is opened.
      expect(await Promise.race([goesOn, new Promise((resolve) => setTimeout(resolve, 300, 'not yet'))])).toBe(
        'not yet',
      )
      const newer = await openWindow()
      const { body } = await goesOn
      expect(nonceIn(body)).not.toBe('')
      expect(body).toMatch(/<\/html><meta http-equiv="refresh" content="0; url=\.\/">$/)
      expect((await get(older)).body).toContain('This goes on in a newer window')
      await answer(nonceIn((await get(newer)).body), 'refuse', {}, {}, newer)
      expect(await second).toBe(false)
    })

    test('what is no request, no message, or breaks off on the way ends itself alone', async () => {
      const say = async (origin: string, lines: readonly string[], after: string | Buffer = ''): Promise<string> => {
        const { port, host: name } = new URL(origin)
        return await new Promise((resolve) => {
          let answer = ''
          const socket = connect(Number(port), '127.0.0.1', () => {
            socket.write([...lines.slice(0, 1), `Host: ${name}`, ...lines.slice(1), '', ''].join('\r\n'))
            // Behind the handshake, where there is one.
            setTimeout(() => (after === '' ? socket.destroy() : socket.write(after)), 100)
          })
          socket.on('data', (bytes: Buffer) => (answer += bytes.toString('latin1')))
          socket.on('error', () => undefined).on('close', () => resolve(answer))
        })
      }
      expect(await say(confirm.origin, ['GET // HTTP/1.1'])).toContain(' 400 ')
      const half = [
        'POST /1/answer HTTP/1.1',
        `Cookie: ${confirmCookie}`,
        `Origin: ${confirm.origin}`,
        'Content-Length: 9',
      ]
      await say(confirm.origin, half)
      const upgrade = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13']
      const key = `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`
      const words = ['GET /rpc HTTP/1.1', `Cookie: ${cookie}`, `Origin: ${host.origin}`, ...upgrade, key]
      // Frames of a browser are masked; this one is not.
      expect(await say(host.origin, words, Buffer.from([0x81, 0x02, 0x68, 0x69]))).toContain(' 101 ')
      expect((await send(host.origin, '/host.json', { Cookie: cookie })).status).toBe(200)
      expect((await send(confirm.origin, '/', { Cookie: confirmCookie })).status).toBe(303)
    })

    test('a cancelled request is not signed', async () => {
      const abort = new AbortController()
      const pending = questions.confirmSigning(request, abort.signal)
      abort.abort()
      expect(await pending).toBe(false)
    })
  })
})
