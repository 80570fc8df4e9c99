/** How the confirmation page looks: no script, no file, light or dark as the system is. */
export const CONFIRM_STYLE = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif;
    --bg: #f4f5f8; --card: #fff; --text: #171b23; --soft: #525c6d; --line: #cfd5df; --accent: #0a6e47; --warn: #8a4b00; --bad: #b3261e; }
  @media (prefers-color-scheme: dark) { :root { --bg: #0d1015; --card: #161a22; --text: #e8ebf1; --soft: #a4aebf; --line: #343c4b; --accent: #0b7d51; --warn: #f0b35b; --bad: #ff9b93; } }
  * { box-sizing: border-box; }
  body { margin: 0; padding: 1.6rem 1rem; background: var(--bg); color: var(--text); }
  main { max-width: 35rem; margin: 0 auto; padding: 1.4rem 1.6rem; background: var(--card); border: 1px solid var(--line); border-radius: .8rem; }
  h1 { margin: 0 0 .4rem; font-size: 1.25rem; line-height: 1.3; }
  h2 { margin: 1rem 0 .4rem; font-size: 1rem; line-height: 1.3; }
  p { margin: .5rem 0; }
  ul { padding-left: 1.2rem; overflow-wrap: anywhere; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem .8rem; margin: 1rem 0; padding: .7rem .8rem; max-height: 17rem; overflow: auto; background: var(--bg); border-radius: .5rem; font: 12px/1.5 ui-monospace, monospace; }
  dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
  .note { color: var(--soft); } .real { color: var(--warn); font-weight: 600; }
  .complaint { margin: 0 0 1rem; padding: .5rem .8rem; color: var(--bad); border: 1px solid currentcolor; border-radius: .5rem; }
  .address { font: 12px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; color: var(--soft); }
  .field { display: block; margin: .9rem 0; } .field > span { display: block; margin-bottom: .25rem; color: var(--soft); font-size: .9rem; }
  .field strong { color: var(--text); }
  input:not([type=hidden]), textarea { width: 100%; padding: .5rem .6rem; font: inherit; color: inherit; background: var(--bg); border: 1px solid var(--line); border-radius: .45rem; resize: vertical; }
  .grid { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1rem; }
  .words { display: grid; grid-template-columns: repeat(3, 1fr); gap: .5rem; margin: 1rem 0; padding: 0; list-style: none; counter-reset: word; user-select: none; -webkit-user-select: none; }
  .words li { counter-increment: word; padding: .45rem .6rem; background: var(--bg); border: 1px solid var(--line); border-radius: .45rem; font: 600 15px/1.4 ui-monospace, monospace; }
  .words li::before { content: counter(word); display: inline-block; min-width: 1.7em; color: var(--soft); font-weight: 400; font-size: 12px; }
  /* Always in view: the button that has the focus at first would else bring the end of the page into view, and hide what it is about. */
  .verdicts { position: sticky; bottom: 0; display: flex; flex-wrap: wrap; gap: .6rem; margin: 1.2rem -1.6rem -1.4rem; padding: .9rem 1.6rem; background: var(--card); border-top: 1px solid var(--line); border-radius: 0 0 .8rem .8rem; }
  button, .save { display: inline-block; padding: .5rem 1.2rem; font: inherit; color: var(--text); background: transparent; border: 1px solid var(--line); border-radius: .45rem; text-decoration: none; cursor: pointer; }
  .sign { background: var(--accent); color: #fff; border-color: transparent; font-weight: 600; }
  .save { border-color: var(--text); font-weight: 600; }
  :focus-visible { outline: 2px solid #4d8dff; outline-offset: 2px; }`
