# Zsh in JupyterLab's terminals, first: the reader's own file of this name. Where zsh looks for
# the next one stays this folder until our .zshrc has been read, if it is going to be.
MMCOURSE_FILES=$ZDOTDIR
ZDOTDIR=${MMCOURSE_ZDOTDIR:-$HOME}
[[ -f $ZDOTDIR/.zshenv ]] && . $ZDOTDIR/.zshenv
if [[ -o interactive ]]; then
    MMCOURSE_ZDOTDIR=$ZDOTDIR
    ZDOTDIR=$MMCOURSE_FILES
fi
