import { implement, ORPCError } from '@orpc/server'
import { contract } from '../../../shared/contract/contract.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { failureForWindow, type Failure } from '../window/window-view.ts'

/**
 * The contract, ready to be implemented. Errors of the engine become the error that the contract defines here, once;
 * anything unforeseen stays an internal error whose details do not leave the engine.
 */
export const implementer = implement(contract).use(async ({ next }) => {
  try {
    return await next()
  } catch (error) {
    if (!(error instanceof AsterismError)) throw error
    const { code, path, fix, kept, said } = error
    throw new ORPCError('ASTERISM', {
      defined: true,
      status: 422,
      message: error.message,
      data: { code, path, fix, kept, said },
      cause: error,
    })
  }
})

/** The same for a window, where errors contain file names instead of paths. */
export const implementerForWindow = implementer.use(async ({ next }) => {
  try {
    return await next()
  } catch (error) {
    if (!(error instanceof ORPCError) || error.code !== 'ASTERISM') throw error
    const { message, ...data } = failureForWindow({
      ...(error.data as Omit<Failure, 'message'>),
      message: error.message,
    })
    throw new ORPCError('ASTERISM', { defined: true, status: error.status, message, data })
  }
})
