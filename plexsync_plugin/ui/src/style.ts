// The little that Stash's own classes do not have. Colours are Stash's variables or shades of the text's, so that a light theme
// gets light ones.

const CSS = `
.plexsync { max-width: 1200px; margin: 0 auto; padding-bottom: 2rem; }
.plexsync:focus { outline: none; }
.plexsync-head { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1rem; margin: .5rem 0; }
.plexsync-head h1 { font-size: 1.5rem; margin: 0; }
.plexsync .nav-tabs { margin-bottom: 1rem; }
.plexsync .nav-tabs .nav-item { margin-bottom: 0; white-space: nowrap; }
.plexsync .nav-tabs .nav-link { padding: .5rem .75rem; }
.plexsync section { margin-top: 1.25rem; }
.plexsync-tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: .75rem; margin: 0 0 1rem; }
.plexsync-tile { border: 1px solid rgba(128, 128, 128, .4); border-left: 4px solid var(--success, #0f9960); border-radius: 3px; padding: .5rem .75rem; min-width: 0; }
.plexsync-tile-warning { border-left-color: var(--warning, #d9822b); }
.plexsync-tile dt { font-weight: normal; }
.plexsync-tile dd { margin: 0; overflow-wrap: anywhere; }
.plexsync-tile .plexsync-value { font-size: 1.25rem; }
.plexsync-note { border: 1px solid rgba(128, 128, 128, .4); border-left: 4px solid var(--info, #17a2b8); border-radius: 3px; padding: .5rem .75rem; margin: .5rem 0; overflow-wrap: anywhere; }
.plexsync-note-warning { border-left-color: var(--warning, #d9822b); }
.plexsync-buttons { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; margin: .5rem 0; }
.plexsync-ask { display: inline-flex; flex-wrap: wrap; align-items: center; gap: .5rem; }
.plexsync-work > span { overflow-wrap: anywhere; }
.plexsync-work-busy, .plexsync-work-done, .plexsync-work-failed { padding: .25rem 0; }
.plexsync-work-failed > span { border-left: 4px solid var(--danger, #db3737); padding-left: .5rem; }
.plexsync-line-problem { font-weight: bold; }
.plexsync-progress { height: 6px; background: rgba(128, 128, 128, .35); border-radius: 3px; max-width: 30rem; margin: .25rem 0; }
.plexsync-progress > div { height: 100%; background: var(--primary, #137cbd); border-radius: 3px; }
.plexsync-columns { width: 100%; height: 64px; display: block; }
.plexsync-column-back { fill: rgba(128, 128, 128, .12); }
.plexsync-column { fill: var(--primary, #137cbd); }
.plexsync-column-worse { fill: var(--warning, #d9822b); }
.plexsync-bar { height: 6px; background: rgba(128, 128, 128, .2); border-radius: 3px; }
.plexsync-bar > div { height: 100%; background: var(--primary, #137cbd); border-radius: 3px; }
.plexsync-table { color: inherit; }
.table.plexsync-table td, .table.plexsync-table th { border-top: 1px solid rgba(128, 128, 128, .3); padding: .3rem; vertical-align: top; overflow-wrap: anywhere; }
.table.plexsync-table thead th { border-bottom: 1px solid rgba(128, 128, 128, .6); }
.plexsync-table .btn-sm { padding: 0 .4rem; white-space: nowrap; }
.plexsync-poster { float: left; width: 40px; height: 60px; margin-right: .75rem; border-radius: 3px; overflow: hidden; background: rgba(128, 128, 128, .2); }
.plexsync-poster > img { width: 100%; height: 100%; object-fit: contain; }
.plexsync-when { white-space: nowrap; }
.plexsync-panel { max-width: none; padding-top: 1rem; }
.plexsync-fields th { width: 30%; }
.plexsync-actions { text-align: right; }
.plexsync-actions > * { margin-left: .5rem; }
.plexsync-differs { box-shadow: inset 4px 0 var(--warning, #d9822b); }
.plexsync-differs th { padding-left: .75rem; }
.plexsync-rich a { text-decoration: underline; }
.plexsync-changes ins { text-decoration: none; }
.plexsync-changes { border-left: 2px solid rgba(128, 128, 128, .4); padding-left: .5rem; margin-top: .25rem; }
.plexsync-pills { margin-bottom: .75rem; gap: .25rem; }
.plexsync-problem { border-top: 1px solid rgba(128, 128, 128, .3); padding: .75rem 0; }
.plexsync-problem-head { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; }
.plexsync-candidates { border-left: 2px solid rgba(128, 128, 128, .4); padding-left: .75rem; margin: .5rem 0; }
.plexsync-candidates legend { font-size: 1rem; }
.plexsync-candidate { display: grid; grid-template-columns: auto 1fr; gap: 0 .5rem; margin-bottom: .5rem; align-items: start; }
.plexsync-candidate > input { margin-top: .3rem; }
.plexsync-candidate > span { grid-column: 2; }
.plexsync-setting { border-top: 1px solid rgba(128, 128, 128, .3); padding: .75rem 0; display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 20rem); gap: .25rem 1.5rem; }
.plexsync-setting.plexsync-setting-switch { grid-template-columns: minmax(0, 1fr) auto; }
.plexsync-setting-needed { border-left: 4px solid var(--warning, #d9822b); padding-left: .75rem; }
.plexsync-setting label { margin: 0; font-weight: bold; }
.plexsync-shares caption { caption-side: top; color: inherit; padding: .25rem 0; }
.table.plexsync-shares td { border: 0; }
.plexsync-figure { text-align: right; white-space: nowrap; width: 1%; }
.plexsync-columns-two { display: grid; grid-template-columns: repeat(auto-fit, minmax(280px, 1fr)); gap: 0 2rem; }
.plexsync-steps { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; }
.plexsync-steps [aria-current] { font-weight: bold; text-decoration: underline; }
.plexsync-search { margin-bottom: .75rem; display: flex; flex-wrap: wrap; gap: .5rem; }
.plexsync-search > * { flex: 0 1 auto; width: auto; }
.plexsync-search > input { flex: 1 1 14rem; }
.plexsync-search > select { padding-right: 1.75rem; }
@media (max-width: 575px) {
  .plexsync-tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .5rem; }
  .plexsync-setting { grid-template-columns: minmax(0, 1fr); }
  .plexsync .nav-tabs .nav-link { padding: .5rem; }
  .plexsync-stack thead { position: absolute; clip: rect(0 0 0 0); }
  .plexsync-stack tr { display: block; padding: .5rem 0; border-top: 1px solid rgba(128, 128, 128, .3); }
  .plexsync-with-poster { position: relative; padding-left: 52px !important; min-height: 77px; }
  .plexsync-with-poster .plexsync-poster { position: absolute; left: 0; }
  .table.plexsync-stack td { display: block; border: 0; padding: .1rem 0; }
  .plexsync-stack .plexsync-actions { text-align: left; }
  .plexsync-stack .plexsync-actions > * { margin: 0 .5rem 0 0; }
}
`;

export function addStyle(): void {
  if (document.getElementById("plexsync-style")) return;
  const style = document.createElement("style");
  style.id = "plexsync-style";
  style.textContent = CSS;
  document.head.append(style);
}
