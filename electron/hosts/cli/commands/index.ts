/** The commands, in the groups and the order in which help lists them; each is loaded when it is run or asked about. */
import type { CommandEntry } from '../command.ts'

export const commandGroups: readonly { readonly title: string; readonly commands: readonly CommandEntry[] }[] = [
  {
    title: 'To begin with',
    commands: [
      {
        name: 'demo',
        summary: 'runs the whole way on the sample take, to a practice mint',
        load: async () => (await import('./demo.ts')).demoCommand,
      },
      {
        name: 'serve',
        summary: 'the studio in a browser, on this machine only',
        load: async () => (await import('./serve.ts')).serveCommand,
      },
      {
        name: 'doctor',
        summary: 'checks this machine, and says how to get what is missing',
        load: async () => (await import('./doctor.ts')).doctorCommand,
      },
    ],
  },
  {
    title: 'Projects',
    commands: [
      { name: 'init', summary: 'creates a project file', load: async () => (await import('./init.ts')).initCommand },
      {
        name: 'import',
        summary: 'adds recordings, scans and capture folders',
        load: async () => (await import('./import.ts')).importCommand,
      },
      {
        name: 'probe',
        summary: 'identifies files and capture folders; needs no project',
        load: async () => (await import('./probe.ts')).probeCommand,
      },
    ],
  },
  {
    title: 'Alignment',
    commands: [
      {
        name: 'sync',
        summary: 'aligns the recordings in time',
        load: async () => (await import('./sync.ts')).syncCommand,
      },
      {
        name: 'register',
        summary: 'aligns scans, depth captures and paths in space',
        load: async () => (await import('./register.ts')).registerCommand,
      },
      {
        name: 'sync-files',
        summary: "places B on A's clock; needs no project",
        load: async () => (await import('./sync-files.ts')).syncFilesCommand,
      },
      {
        name: 'register-files',
        summary: 'places one scan in the frame of another; needs no project',
        load: async () => (await import('./register-files.ts')).registerFilesCommand,
      },
    ],
  },
  {
    title: 'What it is worth',
    commands: [
      {
        name: 'stars',
        summary: 'predicts what the recording is worth for training, offline',
        load: async () => (await import('./stars.ts')).starsCommand,
      },
      {
        name: 'value',
        summary: 'values bundles of embeddings, as a lab would; needs no media',
        load: async () => (await import('./value.ts')).valueCommand,
      },
      {
        name: 'transcribe',
        summary: 'speech to words with times, on this machine',
        load: async () => (await import('./transcribe.ts')).transcribeCommand,
      },
      {
        name: 'models',
        summary: 'learned models: those that ship, your own, and downloads',
        load: async () => (await import('./models.ts')).modelsCommand,
      },
      {
        name: 'packs',
        summary: 'lists, checks and installs valuation packs of labs',
        load: async () => (await import('./packs.ts')).packsCommand,
      },
      {
        name: 'pack-build',
        summary: 'builds and signs a valuation pack of a lab',
        load: async () => (await import('./pack-build.ts')).packBuildCommand,
      },
    ],
  },
  {
    title: 'Packages and exports',
    commands: [
      {
        name: 'export',
        summary: 'writes the edit, the recordings or the world in another format',
        load: async () => (await import('./export.ts')).exportCommand,
      },
      {
        name: 'pack',
        summary: 'builds the submission package, under one content address',
        load: async () => (await import('./pack.ts')).packCommand,
      },
      {
        name: 'verify',
        summary: 'checks a package from its own bytes, offline',
        load: async () => (await import('./verify.ts')).verifyCommand,
      },
      {
        name: 'sign',
        summary: 'signs a package as its creator; verify checks it',
        load: async () => (await import('./sign.ts')).signCommand,
      },
      {
        name: 'credentials',
        summary: 'writes C2PA manifests for the files of a package',
        load: async () => (await import('./credentials.ts')).credentialsCommand,
      },
      {
        name: 'upload',
        summary: 'sends a package; run again, it resumes',
        load: async () => (await import('./upload.ts')).uploadCommand,
      },
    ],
  },
  {
    title: 'On the chain',
    commands: [
      {
        name: 'wallet',
        summary: 'keys on this machine, each under a pass phrase',
        load: async () => (await import('./wallet.ts')).walletCommand,
      },
      {
        name: 'mint',
        summary: 'mints a package; run again, it finds its own mint',
        load: async () => (await import('./mint.ts')).mintCommand,
      },
      {
        name: 'voucher',
        summary: 'lets a buyer mint a work and pay for it',
        load: async () => (await import('./voucher.ts')).voucherCommand,
      },
      {
        name: 'auction',
        summary: 'sells a work to the highest bidder or at a fixed price',
        load: async () => (await import('./auction.ts')).auctionCommand,
      },
      {
        name: 'lease',
        summary: 'lets a lab use a work for a time, free or for rent',
        load: async () => (await import('./lease.ts')).leaseCommand,
      },
      {
        name: 'lease-key',
        summary: 'the key of a sealed work, for the lab that leases it',
        load: async () => (await import('./lease-key.ts')).leaseKeyCommand,
      },
      {
        name: 'royalty',
        summary: 'changes the royalty on later sales of a collection',
        load: async () => (await import('./royalty.ts')).royaltyCommand,
      },
      {
        name: 'transfer',
        summary: 'gives a work away, permanently and for nothing',
        load: async () => (await import('./transfer.ts')).transferCommand,
      },
      {
        name: 'attest',
        summary: 'signs what a work is worth; publishes signed attestations',
        load: async () => (await import('./attest.ts')).attestCommand,
      },
      {
        name: 'ledger',
        summary: 'shows what became of the works: stars, leases, bids, income',
        load: async () => (await import('./ledger.ts')).ledgerCommand,
      },
      {
        name: 'lists',
        summary: 'signed lists: what labs want, and works known elsewhere',
        load: async () => (await import('./lists.ts')).listsCommand,
      },
      {
        name: 'pending',
        summary: 'waiting transactions: speeds one up, or cancels it',
        load: async () => (await import('./pending.ts')).pendingCommand,
      },
      {
        name: 'deploy',
        summary: 'deploys the contracts to a network that lacks them',
        load: async () => (await import('./deploy.ts')).deployCommand,
      },
      {
        name: 'practice',
        summary: 'a chain and an upload server on this machine',
        load: async () => (await import('./practice.ts')).practiceCommand,
      },
    ],
  },
  {
    title: 'For programs and other machines',
    commands: [
      {
        name: 'worker',
        summary: 'runs jobs of other machines of the studio until Ctrl-C',
        load: async () => (await import('./worker.ts')).workerCommand,
      },
      {
        name: 'schema',
        summary: 'the JSON Schema of what a command prints with --json',
        load: async () =>
          (await import('./schema.ts')).schemaCommand((name) => commands.find((each) => each.name === name)),
      },
    ],
  },
]

export const commands: readonly CommandEntry[] = commandGroups.flatMap((group) => group.commands)
