/**
 * Byte rings and waiting, without a lock and without a JVM flag; knows nothing of transports.
 *
 * <p>Producers {@link io.millrace.ring.ByteRing#offer offer} or {@link io.millrace.ring.ByteRing#tryClaim claim}
 * records; one consumer {@linkplain io.millrace.ring.ByteRing#read reads} them one by one, or
 * {@linkplain io.millrace.ring.ByteRing#peek peeks} at a whole batch as one contiguous region and releases what it has
 * used. {@link io.millrace.ring.ManyToOneByteRing} takes any number of producers,
 * {@link io.millrace.ring.OneToOneByteRing} one. Closing is linearizable with writing: a record is either accepted
 * before the close and stays readable, or answered {@link io.millrace.ring.ByteRing#CLOSED}.
 *
 * <p>{@link io.millrace.ring.BroadcastRing} is the other way round: one writer, any number of readers, of which it waits
 * for none. A {@link io.millrace.ring.BroadcastReader} that is overtaken is told what it missed.
 *
 * <p>A consumer with nothing to do idles by {@link io.millrace.ring.AdaptiveIdleStrategy}: it spins within the
 * process-wide {@link io.millrace.ring.SpinBudget}, yields, and at last sleeps on its {@link io.millrace.ring.Doorbell},
 * which a producer rings after each record at the price of one load.
 *
 * <p>Invariants: every field has one writer, or is changed by compare-and-set; flow control is a negative return code
 * and never an exception; nothing allocates per record.
 */
package io.millrace.ring;
