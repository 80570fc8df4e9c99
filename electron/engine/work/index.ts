/** The registry of long work. */
import { attestWork, chainActWork, voucherWork } from './chain-act.ts'
import { credentialsWork } from './credentials.ts'
import { deriveWork } from './derive.ts'
import { exportWork } from './export.ts'
import { importWork } from './import.ts'
import { keyOpenWork, keyReleaseWork, keyRequestWork } from './lease-keys.ts'
import { listSignWork } from './list-sign.ts'
import { ledgerWork } from './ledger.ts'
import { mintBatchWork } from './mint-batch.ts'
import { mintWork } from './mint.ts'
import { modelDownloadWork } from './model-download.ts'
import { packBuildWork } from './pack-build.ts'
import { packWork } from './pack.ts'
import { pendingChangeWork } from './pending-change.ts'
import { practiceStartWork } from './practice-start.ts'
import { probeWork } from './probe.ts'
import { registerFilesWork } from './register-files.ts'
import { registerPairWork } from './register-pair.ts'
import { registerWork } from './register.ts'
import { signWork } from './sign.ts'
import { starsWork } from './stars.ts'
import { syncFilesWork } from './sync-files.ts'
import { syncWork } from './sync.ts'
import { uploadWork } from './upload.ts'
import { transcribeWork } from './transcribe.ts'
import { valueWork } from './value.ts'
import { verifyWork } from './verify.ts'
import type { AnyWork } from './registry.ts'

export const allWork: readonly AnyWork[] = [
  probeWork,
  importWork,
  deriveWork,
  syncWork,
  syncFilesWork,
  registerWork,
  registerFilesWork,
  registerPairWork,
  starsWork,
  valueWork,
  packBuildWork,
  packWork,
  transcribeWork,
  modelDownloadWork,
  exportWork,
  uploadWork,
  signWork,
  credentialsWork,
  verifyWork,
  mintWork,
  mintBatchWork,
  chainActWork,
  attestWork,
  voucherWork,
  keyRequestWork,
  keyReleaseWork,
  keyOpenWork,
  listSignWork,
  ledgerWork,
  pendingChangeWork,
  practiceStartWork,
]
