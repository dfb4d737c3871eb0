/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A PC's program of old: reads the clock through its two ports, sets an alarm,
 * halts until the alarm's interrupt has come, and reads the clock again.
 */
#include "guest.h"

#define INDEX	0x70
#define DATA	0x71

	.section .rodata
	.global	guest_code, guest_code_end
	.code16

guest_code:
	xor	%ax, %ax
	mov	%ax, %ds
	mov	%ax, %es
	mov	%ax, %ss
	mov	$GUEST_STACK, %sp
	cld
	movw	$(GUEST_LOAD + interrupt - guest_code), GUEST_VECTOR * 4
	movw	$0, GUEST_VECTOR * 4 + 2

	mov	$GUEST_FIRST, %di
	call	read_clock
	mov	$GUEST_HAS_READ, %al
	out	%al, $GUEST_PORT
	in	$INDEX, %al
	mov	%al, GUEST_INDEX

	/* C is read before the alarm is set: nothing of the alarm is lost. */
	mov	$0x0c, %al
	call	read_register
	call	set_alarm

wait:
	cli
	cmpb	$0, GUEST_COUNT
	jne	done
	sti
	hlt
	jmp	wait

done:
	mov	$GUEST_SECOND, %di
	call	read_clock
	mov	$GUEST_IS_DONE, %al
	out	%al, $GUEST_PORT
	hlt

interrupt:
	push	%ax
	mov	$0x0c, %al
	call	read_register
	mov	%al, GUEST_C
	incb	GUEST_COUNT
	pop	%ax
	iret

/* al: register; returned in al, with the NMI masked as PC software does */
read_register:
	or	$0x80, %al
	out	%al, $INDEX
	in	$DATA, %al
	ret

/* al: register, ah: byte */
write_register:
	out	%al, $INDEX
	mov	%ah, %al
	out	%al, $DATA
	ret

/* di: where to; two equal readings, neither of which an update cut through */
read_clock:
	call	read_once
	push	%di
	mov	$GUEST_SPARE, %di
	call	read_once
	pop	%di
	push	%di
	mov	$GUEST_SPARE, %si
	mov	$8, %cx
	repe	cmpsb
	pop	%di
	jne	read_clock
	ret

read_once:
	push	%di
	mov	$0x0a, %al
	call	read_register
	test	$0x80, %al
	pop	%di
	jnz	read_once
	push	%di
	mov	$(GUEST_LOAD + registers - guest_code), %si
1:	lodsb
	call	read_register
	stosb
	cmp	$(GUEST_LOAD + registers_end - guest_code), %si
	jne	1b
	pop	%di
	ret

registers:
	.byte	0, 2, 4, 6, 7, 8, 9, 0x0b
registers_end:

/*
 * Any hour, any minute, the seconds of the first reading and a few more, in BCD
 * (no daa: where KVM emulates real mode it does not know that).
 */
set_alarm:
	mov	$0xff05, %ax
	call	write_register
	mov	$0xff03, %ax
	call	write_register
	mov	GUEST_FIRST, %al
	add	$GUEST_AHEAD, %al
	mov	%al, %ah
	and	$0x0f, %ah
	cmp	$10, %ah
	jb	1f
	add	$6, %al
1:	cmp	$0x60, %al
	jb	1f
	sub	$0x60, %al
1:	mov	%al, %ah
	mov	$0x01, %al
	call	write_register
	mov	$0x0b, %al
	call	read_register
	or	$0x20, %al
	mov	%al, %ah
	mov	$0x0b, %al
	call	write_register
	ret

guest_code_end:

	.section .note.GNU-stack, "", @progbits
