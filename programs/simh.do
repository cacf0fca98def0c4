; an evening of a SIMH user
attach mt1 simh.tap ring
show mt1
load programs/lessons/02-hello.sap
break 105
c
show break
nobreak all
c
; a small program by hand: 2 and 3 are added
d 1000 CLA 1010
d 1001 ADD 1011
d 1002 STO 1012
d 1003 HTR 1000
d 1010 DEC 2
d 1011 DEC 3
go 1000
show history 4
if ac = 5 then echo the sum is right
do programs/check.do 1012 5
set sense 1 on
show switches
send "DATA 1"
show cdr
show devices
detach mt1
exit 0
