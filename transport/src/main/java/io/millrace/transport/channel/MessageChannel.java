package io.millrace.transport.channel;

import io.millrace.ring.Parker;
import io.millrace.transport.Protocol;
import java.io.IOException;
import java.net.SocketAddress;

/**
 * Messages to and from one peer: the seam between a connection and an engine that keeps messages apart, brings them in
 * order, and holds what the peer has not taken. Never blocks but in {@link #park}. The connection's thread, except
 * {@link #unpark}, {@link #newSender}, {@link #newClaim} and what these make.
 *
 * <p>An end is asked for again and again, turn by turn, until it is there; {@link #work} and {@link #poll} go on meanwhile.
 *
 * <p>A {@link #park} ends, beside the reasons of {@link Parker}, soon after there is something to receive.
 */
public interface MessageChannel extends Parker, AutoCloseable {
    /** What {@link #poll} answers once the peer has ended its stream and all before that was taken. */
    int END = -1;

    /**
     * Moves connecting on.
     *
     * @return whether the channel is connected, and the peer ready to take messages.
     * @throws IOException if it can't be.
     * @throws io.millrace.transport.ProtocolException if it can't be, with a reason of its own.
     */
    boolean finishConnect() throws IOException;

    /**
     * This side's address.
     *
     * @return the address, or null if not connected.
     */
    SocketAddress localAddress();

    /**
     * The peer's address.
     *
     * @return the address, or null if not connected.
     */
    SocketAddress remoteAddress();

    /**
     * Makes a sender for one thread, once connected. Any thread, also one that comes when the channel is already closed.
     *
     * @return the sender; if the channel is closed it is not used, and may be null.
     */
    MessageSender newSender();

    /**
     * Makes a claim, once connected. Any thread.
     *
     * @return a claim that holds nothing.
     */
    ClaimedMessage newClaim();

    /**
     * Does what the engine needs done in each turn, and looks whether it and the peer are still there.
     *
     * @return more than 0 if something was done.
     * @throws IOException if the channel is broken.
     * @throws io.millrace.transport.ProtocolException if the connection has to end, with a reason of its own.
     */
    int work() throws IOException;

    /**
     * Receives.
     *
     * @param sink  of the messages, which are valid during its call; it throws nothing, and answers false to get no more for
     *              now. What it was given counts as taken.
     * @param limit of messages, about.
     * @return how many messages were handed over, or {@link #END}, again and again.
     * @throws IOException if the channel is broken.
     * @throws io.millrace.transport.ProtocolException if the connection has to end, with a reason of its own.
     */
    int poll(Protocol.MessageSink sink, int limit) throws IOException;

    /**
     * Whether there is room worth telling senders of, who found none.
     *
     * @return true if an offer of any length may succeed.
     */
    boolean isRoomy();

    /**
     * How much the peer has taken, in messages, as far as is known: of all that {@link MessageSender}s were accepted.
     *
     * @return the count, which is no more than it really took.
     */
    long taken();

    /**
     * Whether the peer has said that {@link #taken} is all that it will ever have taken; once cut off, by either side.
     *
     * @return true unless it may have taken more.
     */
    boolean isTakenFinal();

    /**
     * Ends the outbound stream behind all messages. No sender is in a call any more.
     *
     * @param accepted messages in all.
     * @return whether the peer has been told, and has taken them all.
     * @throws IOException if the channel is broken.
     */
    boolean end(long accepted) throws IOException;

    /**
     * Once both streams have ended: tells the peer what it may still want to know.
     *
     * @return whether it has been said.
     * @throws IOException if the channel is broken.
     */
    boolean farewell() throws IOException;

    /**
     * Cuts the connection off: what the peer has not taken it gets no more, and is told what was taken of its messages before the
     * first of these calls. No sender is in a call any more, but claims may be open.
     *
     * @return whether no more will be known of {@link #taken}.
     */
    boolean cutOff();

    /**
     * Frees everything; errors are of no use to anybody. No sender is in a call and no claim is open any more. Idempotent. Any
     * thread, once the connection's is done with it.
     */
    @Override
    void close();
}
