// SPDX-License-Identifier: GPL-2.0
/* Does nothing: what starting a program takes, whatever it is. */
int main(void)
{
	return 0;
}
