/**
 * Shared structures whose readers never wait: each is an immutable snapshot behind one atomic reference, and a change
 * publishes a new one by compare-and-set. {@link io.millrace.session.SnapshotSet} is the first.
 */
package io.millrace.session;
