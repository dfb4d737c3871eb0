# SPDX-License-Identifier: GPL-2.0
# Draws build/demo.png, called in build/demo: how late ticks come, and how far off what is read.
set terminal pngcairo size 1000,460 font "sans,11"
set output "../demo.png"
set multiplot layout 1,2 title "rtc\\_cmos and rtc-mc146818 in the same VM (lower is better; nothing is drawn below what the true second was seen to)"
set logscale y
set yrange [0.0005:2000]
set ytics ("1 us" 0.001, "10 us" 0.01, "100 us" 0.1, "1 ms" 1, "10 ms" 10, "100 ms" 100, "1 s" 1000)
set grid ytics lc rgb "#dddddd"
set key top right opaque
set offsets 0.5, 0.5, 0, 0
set style line 1 lc rgb "#c44e52" pt 7 ps 1.3
set style line 2 lc rgb "#2a6fbb" pt 5 ps 1.3

set title "How late each tick comes"
set xlabel "tick"
plot "ticks.older" with linespoints ls 1 title "rtc\\_cmos", \
	"ticks.ours" with linespoints ls 2 title "rtc-mc146818"

set title "How far off the time is that is read"
set xlabel "reading"
set xtics 1
plot "reads.older" with linespoints ls 1 title "rtc\\_cmos, by hwclock", \
	"reads.ours" with linespoints ls 2 title "rtc-mc146818, by rtcctl"
unset multiplot
