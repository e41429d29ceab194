/**
 * What a session knows, in structures whose readers never wait. Each is one immutable value behind one atomic reference: a
 * reader loads it once and works on that; a change makes a new value and publishes it by compare-and-set. Nothing here
 * holds a lock, so nothing can release one too early, and no thread that stalls stops another.
 *
 * <h2>The rooms</h2>
 *
 * <ul>
 *   <li>{@link io.millrace.session.SessionCache}: tickets to resume sessions with. A ticket is taken by one connection,
 *       given back only unspent, and accounted for to the last. Inside: {@code TicketTable} (buckets),
 *       {@code TicketPool} (one key), {@code Ticket} (and those beneath it), {@code TicketBounds} (keys and tickets).
 *   <li>{@link io.millrace.session.Registry}: typed, versioned records. {@link io.millrace.session.RegistrySnapshot} is
 *       all of it at one moment, {@link io.millrace.session.RegistrySync} the changes from a version on,
 *       {@link io.millrace.session.RegistryPublisher} their broadcast, {@link io.millrace.session.Leases} the leases.
 *       Inside: {@code RecordShelf} (one type), {@link io.millrace.session.HashTrie}, {@code SequenceTrie} and
 *       {@code ChangeLog}, of which a change copies O(log n).
 *   <li>{@link io.millrace.session.AttributeMap}: typed attributes, forked for each stream.
 *   <li>{@link io.millrace.session.StateCell}: one state that moves along declared edges; whoever waits for a state, or
 *       listens, sees every one. {@link io.millrace.session.HandlePool}: things that are used again, behind handles that
 *       die with each use.
 *   <li>{@link io.millrace.session.SnapshotSet}: a small set by identity.
 * </ul>
 *
 * <h2>Threads</h2>
 *
 * Every structure may be used by any thread. What reads in steps ({@link io.millrace.session.StateCursor},
 * {@link io.millrace.session.RegistrySync}, {@link io.millrace.session.RegistryWatch}) belongs to one thread at a time.
 * Functions that are handed in may run again when another thread was faster, so they must be pure; listeners are called
 * once, after the change, with nothing held.
 *
 * <h2>The edge</h2>
 *
 * Values are immutable or copied: bytes always, other values by the copier of their key or context.
 */
package io.millrace.session;
