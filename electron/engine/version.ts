import packageJson from '../../package.json' with { type: 'json' }

/** As in package.json: the one place where it is kept. */
export const VERSION: string = packageJson.version
