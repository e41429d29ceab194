/**
 * The rings' memory order under jcstress: for every ordering pair a {@code *Stress} test of the real class, and a
 * {@code *Weakened} copy of the idea with the order taken out, in which the forbidden outcome must appear, on x86 too.
 * {@link io.millrace.tests.ring.StressProof} runs both and fails if either does not do its part.
 */
package io.millrace.tests.ring;
