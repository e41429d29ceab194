package io.millrace.transport.agent;

import io.millrace.ring.Memory;
import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;
import io.millrace.transport.TlsInfo;
import io.millrace.transport.channel.ConnectionChannel;
import io.millrace.transport.tls.TlsEngineDriver;
import io.millrace.transport.tls.TlsSide;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Content goes through a TLS engine, on buffers of the memory that the engine is fastest on. */
final class TlsPipe implements Pipe {
    /** Several records share one write, and one read, once there are so many. */
    private static final int MOST_RECORDS = 4;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int CONTENT_TYPE_ALERT = 21;
    private static final int CONTENT_TYPE_HANDSHAKE = 22;

    private final ConnectionChannel channel;
    private final TlsSide side;
    private final BufferPool buffers;

    /** Records that came and are not unwrapped, ready to be read from; without memory while there are none. */
    private ByteBuffer received = NOTHING;

    /** Records that are not written, ready to be read from; without memory while there are none. */
    private ByteBuffer outgoing = NOTHING;

    /**
     * With room only for an engine that wants it in the handshake, too; then it has the content, if any, of the record that
     * ended the handshake.
     */
    private ByteBuffer handshakeRoom = NOTHING;

    /** From {@link #begin()} on. */
    private TlsEngineDriver driver;

    /** Of each record of content that is not written: where it ends in {@link #outgoing}, and its content's bytes. */
    private final int[] recordEnds = new int[MOST_RECORDS];

    private final int[] contentLengths = new int[MOST_RECORDS];
    /** Content that the engine has taken and not given out in a record yet. */
    private int heldLength;

    private int wrappedRecords;
    private int writtenRecords;
    private long sentBytes;

    /** How many records to have room for: one until a read fills it. */
    private int recordsPerRead = 1;

    /** Whether nothing has come since the last {@link #rest()}: what a look at the channel makes is let go before sleep. */
    private boolean resting;

    private boolean firstByteSeen;
    private boolean channelEnded;
    private boolean ended;

    TlsPipe(final ConnectionChannel channel, final TlsSide side, final BufferPool buffers) {
        this.channel = channel;
        this.side = side;
        this.buffers = buffers;
    }

    @Override
    public Optional<TlsInfo> tls() {
        return Optional.of(driver.info());
    }

    /** The smallest that is large enough, with what the buffer holds. */
    private ByteBuffer room(final ByteBuffer buffer, final int records) {
        final int wanted = records * driver.packetLength();
        if (buffer.capacity() >= wanted) {
            return buffer;
        }
        final ByteBuffer larger = lend(wanted).put(buffer).flip();
        giveBack(buffer);
        return larger;
    }

    private ByteBuffer lend(final int wanted) {
        return buffers.lend(
                memory(), Math.max(BufferPool.MIN_CAPACITY, 2 * Integer.highestOneBit(Math.max(1, wanted - 1))));
    }

    /** The next connection may want it at once. */
    private ByteBuffer giveBack(final ByteBuffer buffer) {
        if (buffer.capacity() > 0) {
            buffers.takeBack(buffer, buffer.capacity());
        }
        return NOTHING;
    }

    /** An idle connection's: many of them would fill the pool. */
    private ByteBuffer letGo(final ByteBuffer buffer) {
        if (buffer.capacity() > 0) {
            buffers.letGo();
        }
        return NOTHING;
    }

    @Override
    public boolean rest() {
        resting = true;
        // Ciphertext: nothing to wipe.
        received = received.hasRemaining() ? received : letGo(received);
        outgoing = outgoing.hasRemaining() ? outgoing : letGo(outgoing);
        recordsPerRead = 1;
        return !isHolding();
    }

    /** Whether it has buffers, empty ones too. */
    boolean isHolding() {
        return received.capacity() > 0 || outgoing.capacity() > 0;
    }

    @Override
    public void beforeSleep() {
        if (resting && !received.hasRemaining()) {
            received = letGo(received);
        }
    }

    @Override
    public void attach() {
        driver.attach();
    }

    @Override
    public Memory memory() {
        return side.memory();
    }

    @Override
    public void begin() throws IOException {
        driver = side.begin();
    }

    @Override
    public boolean handshake() throws IOException {
        try {
            boolean progress = true;
            while (progress && !driver.isHandshakeDone()) {
                final boolean wrapped = wrapOwn();
                progress = (!driver.isHandshakeDone() && unwrapHandshake()) || wrapped;
            }
            flush();
            if (handshakeRoom.position() == 0 && driver.isHandshakeDone()) {
                handshakeRoom = giveBack(handshakeRoom);
            }
            return driver.isHandshakeDone();
        } catch (final SSLException ex) {
            sendAlert();
            throw driver.explained(ex);
        }
    }

    private boolean wrapOwn() throws IOException {
        if (!driver.needsWrap() || !flush()) {
            return false;
        }
        // Large enough for one record, and a power of two: the rest has room for all that an engine has to say at once.
        outgoing = room(outgoing, 1).clear();
        wrappedRecords = 0;
        writtenRecords = 0;
        try {
            driver.wrap(outgoing);
            if (heldLength > 0 && outgoing.position() > 0) {
                noteRecord();
            }
        } finally {
            outgoing.flip();
        }
        flush();
        return true;
    }

    private boolean unwrapHandshake() throws IOException {
        fill();
        final int before = received.remaining();
        driver.unwrap(received, handshakeRoom);
        if (driver.lacksRoom() && !driver.isHandshakeDone() && handshakeRoom.capacity() == 0) {
            handshakeRoom = lend(driver.applicationLength());
            driver.unwrap(received, handshakeRoom);
        }
        if (handshakeRoom.position() > 0 && !driver.isHandshakeDone()) {
            throw new ProtocolException(CloseReason.HANDSHAKE_FAILED, "content before the TLS handshake was done");
        }
        final boolean progress = received.remaining() != before || driver.isHandshakeDone();
        if (!progress && (channelEnded || driver.isInboundDone())) {
            throw new ProtocolException(
                    CloseReason.HANDSHAKE_FAILED, "the peer ended the connection during the TLS handshake");
        }
        return progress;
    }

    @Override
    public int receive(final ByteBuffer target) throws IOException {
        final int start = target.position();
        if (handshakeRoom.capacity() > 0) {
            target.put(handshakeRoom.flip());
            handshakeRoom = giveBack(handshakeRoom);
            return target.position() - start;
        }
        fill();
        final int before = received.remaining();
        try {
            boolean goOn = true;
            boolean heldUp = before > 0 && driver.needsWrap();
            while (goOn) {
                final int left = received.remaining();
                driver.unwrap(received, target);
                // What lies behind records that want an answer wakes nobody.
                goOn = wrapOwn() && target.position() == start && (heldUp || received.remaining() != left);
                heldUp = false;
            }
        } catch (final SSLException ex) {
            sendAlert();
            throw driver.explained(ex);
        }
        final int bytes = target.position() - start;
        if (bytes == 0 && driver.isInboundDone()) {
            return END;
        }
        if (bytes == 0
                && channelEnded
                && received.remaining() == before
                && !driver.isInboundDone()
                && !driver.needsWrap()) {
            throw new ProtocolException(CloseReason.TRUNCATED, "the peer ended the connection without close_notify");
        }
        return bytes;
    }

    /** An engine that has an answer to give, to a key update say, unwraps nothing before. */
    @Override
    public boolean isHeldUp() {
        return outgoing.hasRemaining() && driver.needsWrap();
    }

    @Override
    public boolean owesAnswer() {
        return !outgoing.hasRemaining() && driver.needsWrap();
    }

    @Override
    public int receiveRoom() {
        return driver.applicationLength();
    }

    /** Reads more records behind those that are not unwrapped yet. */
    private void fill() throws IOException {
        if (channelEnded) {
            return;
        }
        received = room(received, recordsPerRead).compact();
        // Not all that the buffer holds: an echo's ring fills if a turn reads more than it sends.
        received.limit(Math.max(received.position(), recordsPerRead * driver.packetLength()));
        try {
            channelEnded = received.hasRemaining() && channel.read(received) < 0;
        } finally {
            recordsPerRead = received.hasRemaining() ? recordsPerRead : MOST_RECORDS;
            resting &= received.position() == 0;
            received.flip();
        }
        checkFirstByte();
    }

    private void checkFirstByte() {
        if (!firstByteSeen && received.hasRemaining()) {
            firstByteSeen = true;
            final int type = received.get(received.position()) & 0xFF;
            if (type != CONTENT_TYPE_HANDSHAKE && type != CONTENT_TYPE_ALERT) {
                throw new ProtocolException(
                        CloseReason.NOT_TLS,
                        "the peer does not speak TLS, but perhaps plain text: first byte=0x"
                                + Integer.toHexString(type));
            }
        }
    }

    @Override
    public void send(final ByteBuffer source) throws IOException {
        if (!flush()) {
            return;
        }
        outgoing = room(outgoing, source.remaining() > driver.applicationLength() ? MOST_RECORDS : 1)
                .clear();
        wrappedRecords = 0;
        writtenRecords = 0;
        try {
            boolean goOn = true;
            while (goOn
                    && (source.hasRemaining() || heldLength > 0)
                    && wrappedRecords < MOST_RECORDS
                    && outgoing.remaining() >= driver.packetLength()) {
                goOn = wrapRecord(source);
            }
        } finally {
            outgoing.flip();
        }
        if (flush() && source.hasRemaining() && driver.isInboundDone() && driver.isOutboundDone()) {
            throw new ProtocolException(
                    CloseReason.PEER_CLOSE, "the peer ended its stream, and the TLS engine sends nothing after that");
        }
    }

    /** With room for one record only, so that it is known what each holds. */
    private boolean wrapRecord(final ByteBuffer source) throws IOException {
        final int start = source.position();
        final int wireStart = outgoing.position();
        outgoing.limit(wireStart + driver.packetLength());
        driver.wrap(source, outgoing);
        outgoing.limit(outgoing.capacity());
        heldLength += source.position() - start;
        if (outgoing.position() != wireStart) {
            noteRecord();
        }
        return source.position() != start || outgoing.position() != wireStart;
    }

    private void noteRecord() {
        recordEnds[wrappedRecords] = outgoing.position();
        contentLengths[wrappedRecords] = heldLength;
        heldLength = 0;
        wrappedRecords++;
    }

    @Override
    public boolean flush() throws IOException {
        if (outgoing.hasRemaining()) {
            channel.write(outgoing);
        }
        while (writtenRecords < wrappedRecords && recordEnds[writtenRecords] <= outgoing.position()) {
            sentBytes += contentLengths[writtenRecords++];
        }
        return !outgoing.hasRemaining();
    }

    @Override
    public long sentBytes() {
        return sentBytes;
    }

    @Override
    public boolean end() throws IOException {
        if (!ended) {
            driver.closeOutbound();
            int wraps = 0;
            while (wraps < MOST_RECORDS && wrapOwn()) {
                wraps++;
            }
            if (flush() && !driver.needsWrap()) {
                ended = true;
                channel.shutdownOutput();
            }
        }
        return ended;
    }

    /** Tells the peer why, as far as one write can. */
    private void sendAlert() {
        try {
            wrapOwn();
        } catch (final IOException | RuntimeException ignored) {
            // The connection is lost anyway, and the first error is the one to report.
        }
    }

    @Override
    public void close() {
        received = giveBack(received);
        outgoing = giveBack(outgoing);
        handshakeRoom = giveBack(handshakeRoom);
    }
}
