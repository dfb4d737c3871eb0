# SPDX-License-Identifier: GPL-2.0
# In the VM: what rtcctl writes to terminals of two widths, in base64.

mkdir -p /dev/pts
mount -t devpts devpts /dev/pts

# A clock that is followed, a little off, and a record of two minutes.
rtcctl systohc >/dev/null
rtcctl drift record --interval 5 --count 24 >/dev/null 2>&1
sleep 5

shot() {
	for columns in 80 120; do
		LANG=C.UTF-8 TERM=xterm-256color \
			script -qec "stty cols $columns rows 50; $2" /tmp/shot >/dev/null 2>&1 </dev/null
		echo "shot $1-$columns $2"
		base64 /tmp/shot | sed 's/^/data /'
		echo shown
	done
}

shot show "rtcctl show"
shot clocks "rtcctl clocks"
shot doctor "rtcctl doctor"
shot chip "rtcctl chip"
shot drift "rtcctl drift"
shot watch "rtcctl watch --count 2"
