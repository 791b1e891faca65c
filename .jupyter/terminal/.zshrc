# Zsh in JupyterLab's terminals, last: the reader's own start file, then the course's Python first.
# /etc/zshrc may have put the history into this folder; it goes where the reader's is.
[[ $HISTFILE == $ZDOTDIR/* ]] && HISTFILE=$MMCOURSE_ZDOTDIR/.zsh_history
ZDOTDIR=$MMCOURSE_ZDOTDIR
[[ -f $ZDOTDIR/.zshrc ]] && . $ZDOTDIR/.zshrc
path=($MMCOURSE_PROGRAMS $path)
