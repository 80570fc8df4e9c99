import packageJson from '../../package.json' with { type: 'json' }

/** Read from package.json, the only place that has it. */
export const VERSION: string = packageJson.version
