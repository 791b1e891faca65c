"""The numbers of the system calls that the filter names, on x86-64 and on arm64.

They are those of Linux, `asm/unistd_64.h` and `asm-generic/unistd.h`. A call with one number on
both is younger than both; arm64 leaves out the oldest.
"""

REFUSED = """
mount 165 40
umount2 166 39
pivot_root 155 41
chroot 161 51
unshare 272 97
setns 308 268
open_tree 428 428
move_mount 429 429
fsopen 430 430
fsconfig 431 431
fsmount 432 432
fspick 433 433
mount_setattr 442 442
open_tree_attr 467 467
name_to_handle_at 303 264
open_by_handle_at 304 265

bpf 321 280
perf_event_open 298 241
userfaultfd 323 282
kexec_load 246 104
init_module 175 105
delete_module 176 106
finit_module 313 273
syslog 103 116
inotify_init 253 -
inotify_init1 294 26
fanotify_init 300 262
io_uring_setup 425 425
io_uring_enter 426 426
io_uring_register 427 427

add_key 248 217
request_key 249 218
keyctl 250 219
memfd_create 319 279
memfd_secret 447 447
vmsplice 278 75
shmget 29 194
shmat 30 196
shmctl 31 195
msgget 68 186
msgsnd 69 189
msgrcv 70 188
msgctl 71 187
semget 64 190
semop 65 193
semtimedop 220 192
semctl 66 191
mq_open 240 180
mq_unlink 241 181

ptrace 101 117
process_vm_readv 310 270
process_vm_writev 311 271
process_madvise 440 440
process_mrelease 448 448
kcmp 312 272
get_robust_list 274 100
pidfd_open 434 434
pidfd_getfd 438 438
pidfd_send_signal 424 424
migrate_pages 256 238
move_pages 279 239
setpriority 141 140
ioprio_set 251 30
"""
"""Refused whatever is asked of them, in four groups: they make or join namespaces and mounts;
reach into the kernel, see what others do with files, or pass by the filter; hold or leave
something that no limit counts and no end of a process clears; or act on another process of the
same user."""

SIGNALS = """
kill 62 129
tkill 200 130
tgkill 234 131
rt_sigqueueinfo 129 138
rt_tgsigqueueinfo 297 240
"""
"""Begin with the process or thread to be signalled."""

SETTINGS = """
prlimit64 302 261
sched_setaffinity 203 122
sched_setscheduler 144 119
sched_setparam 142 118
sched_setattr 314 274
"""
"""Begin with the process to be changed; 0 is the caller."""

ATTRIBUTES = """
chmod 90 -
fchmod 91 52
fchmodat 268 53
fchmodat2 452 452
chown 92 -
lchown 94 -
fchown 93 55
fchownat 260 54
utime 132 -
utimes 235 -
futimesat 261 -
utimensat 280 88
setxattr 188 5
lsetxattr 189 6
fsetxattr 190 7
removexattr 197 14
lremovexattr 198 15
fremovexattr 199 16
setxattrat 463 463
removexattrat 466 466
file_setattr 469 469
"""
"""Change what is not in a file: of any file of the same user, where only Landlock stands."""

OTHERS = """
clone 56 220
clone3 435 435
fcntl 72 25
ioctl 16 29
prctl 157 167
socket 41 198
socketpair 53 199
setsockopt 54 208
setsid 112 157
open 2 -
openat 257 56
openat2 437 437
truncate 76 45
"""
"""Answered each in its own way."""

MACHINES = {"x86_64": 0, "aarch64": 1}


def numbers(table: str, machine: str) -> dict[str, int]:
    """Return the calls of a table by name, with their numbers on a machine that has them.

    >>> numbers(SIGNALS, "aarch64")["kill"]
    129
    """
    rows = (line.split() for line in table.splitlines() if line)
    found = ((name, columns[MACHINES[machine]]) for name, *columns in rows)
    return {name: int(number) for name, number in found if number != "-"}
