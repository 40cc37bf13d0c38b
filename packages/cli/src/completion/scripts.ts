// SPDX-License-Identifier: GPL-2.0-only

/**
 * What a shell evaluates so that TAB asks the program itself: `mpath __complete WORD…` prints one
 * completion a line, a tab, and its description. The shells differ in what they do with the latter.
 */
export const scripts = {
  bash: `# bash completion of mpath; put \`eval "$(mpath completion bash)"\` into ~/.bashrc
_mpath() {
  local line
  COMPREPLY=()
  while IFS='' read -r line; do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <("\${COMP_WORDS[0]}" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _mpath mpath ./mpath
`,
  zsh: `#compdef mpath
# zsh completion of mpath; put \`eval "$(mpath completion zsh)"\` into ~/.zshrc, after compinit
_mpath() {
  local -a found
  local line
  while IFS='' read -r line; do
    found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#found} )); then _describe mpath found; else _files; fi
}
compdef _mpath mpath
`,
  fish: `# fish completion of mpath; put \`mpath completion fish | source\` into config.fish
function __mpath_complete
  set -l words (commandline -opc) (commandline -ct)
  $words[1] __complete $words[2..-1] 2>/dev/null
end
complete -c mpath -a '(__mpath_complete)'
`,
} as const;

export type Shell = keyof typeof scripts;

export const shells = Object.keys(scripts) as readonly Shell[]; // of the literal above
