/** The commands, in the groups and the order in which help lists them. */
import type { Command } from '../command.ts'
import { attestCommand } from './attest.ts'
import { auctionCommand } from './auction.ts'
import { leaseCommand } from './lease.ts'
import { leaseKeyCommand } from './lease-key.ts'
import { ledgerCommand } from './ledger.ts'
import { transferCommand } from './transfer.ts'
import { credentialsCommand } from './credentials.ts'
import { demoCommand } from './demo.ts'
import { deployCommand } from './deploy.ts'
import { doctorCommand } from './doctor.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import { initCommand } from './init.ts'
import { listsCommand } from './lists.ts'
import { mintCommand } from './mint.ts'
import { modelsCommand } from './models.ts'
import { packCommand } from './pack.ts'
import { packBuildCommand } from './pack-build.ts'
import { packsCommand } from './packs.ts'
import { pendingCommand } from './pending.ts'
import { practiceCommand } from './practice.ts'
import { probeCommand } from './probe.ts'
import { registerCommand } from './register.ts'
import { registerFilesCommand } from './register-files.ts'
import { schemaCommand } from './schema.ts'
import { serveCommand } from './serve.ts'
import { signCommand } from './sign.ts'
import { starsCommand } from './stars.ts'
import { syncCommand } from './sync.ts'
import { syncFilesCommand } from './sync-files.ts'
import { uploadCommand } from './upload.ts'
import { transcribeCommand } from './transcribe.ts'
import { valueCommand } from './value.ts'
import { verifyCommand } from './verify.ts'
import { voucherCommand } from './voucher.ts'
import { walletCommand } from './wallet.ts'

export const commandGroups: readonly { readonly title: string; readonly commands: readonly Command[] }[] = [
  { title: 'To begin with', commands: [demoCommand, serveCommand, doctorCommand] },
  { title: 'Projects', commands: [initCommand, importCommand, probeCommand] },
  { title: 'Alignment', commands: [syncCommand, registerCommand, syncFilesCommand, registerFilesCommand] },
  {
    title: 'What it is worth',
    commands: [starsCommand, valueCommand, transcribeCommand, modelsCommand, packsCommand, packBuildCommand],
  },
  {
    title: 'What goes out',
    commands: [exportCommand, packCommand, verifyCommand, signCommand, credentialsCommand, uploadCommand],
  },
  {
    title: 'On the chain',
    commands: [
      walletCommand,
      mintCommand,
      voucherCommand,
      auctionCommand,
      leaseCommand,
      leaseKeyCommand,
      transferCommand,
      attestCommand,
      ledgerCommand,
      listsCommand,
      pendingCommand,
      deployCommand,
      practiceCommand,
    ],
  },
  { title: 'For programs', commands: [schemaCommand(() => commands)] },
]

export const commands: readonly Command[] = commandGroups.flatMap((group) => group.commands)
