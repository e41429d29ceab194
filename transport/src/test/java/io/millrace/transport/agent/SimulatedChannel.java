package io.millrace.transport.agent;

import io.millrace.transport.channel.ConnectionChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/** One end of two {@link SimulatedWire}s. A park returns at once; what it asked for is kept for the simulation. */
final class SimulatedChannel implements ConnectionChannel {
    private final SimulationVerdict verdict;
    private final SimulatedWire in;
    private final SimulatedWire out;
    private final boolean connects;
    private int triesToConnect;
    private boolean writeBlocked;
    private boolean readWanted = true;
    private boolean connected;
    private boolean inputEnded;
    private boolean closed;
    private long parkNs;

    /** With a negative number of tries it fails to connect at the last. */
    SimulatedChannel(
            final SimulationVerdict verdict,
            final SimulatedWire in,
            final SimulatedWire out,
            final int triesToConnect) {
        this.verdict = verdict;
        this.in = in;
        this.out = out;
        this.triesToConnect = Math.abs(triesToConnect);
        connects = triesToConnect >= 0;
    }

    @Override
    public boolean finishConnect() throws IOException {
        checkOpen();
        if (triesToConnect-- > 0) {
            return false;
        }
        if (!connects) {
            throw new IOException("Connection refused");
        }
        connected = true;
        return true;
    }

    @Override
    public int read(final ByteBuffer target) throws IOException {
        checkOpen();
        final int bytes = inputEnded ? -1 : in.read(target);
        inputEnded = bytes < 0;
        return bytes;
    }

    @Override
    public int write(final ByteBuffer source) throws IOException {
        checkOpen();
        final int bytes = out.write(source);
        writeBlocked = source.hasRemaining();
        return bytes;
    }

    private void checkOpen() {
        verdict.expect(!closed, "the channel is used after its close");
    }

    @Override
    public boolean isWriteBlocked() {
        return writeBlocked;
    }

    @Override
    public void wantRead(final boolean wanted) {
        readWanted = wanted;
    }

    @Override
    public void shutdownOutput() {
        checkOpen();
        out.finish();
    }

    @Override
    public SocketAddress localAddress() {
        return null;
    }

    @Override
    public SocketAddress remoteAddress() {
        return null;
    }

    @Override
    public void park(final long maxNs) {
        verdict.expect(maxNs > 0, "a park of no time:", maxNs);
        parkNs = maxNs;
    }

    /** How long the last park was to be; 0 if there was none since this was asked. */
    long takeParkNs() {
        final long ns = parkNs;
        parkNs = 0;
        return ns;
    }

    @Override
    public void unpark() {
        throw new AssertionError("one thread plays all parts: nobody sleeps when a doorbell rings");
    }

    /** Whether a selector would wake up. */
    boolean isReady() {
        return !connected || (readWanted && !inputEnded && in.isReadable()) || (writeBlocked && out.isWritable());
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            out.finish();
            if (in.abandon()) {
                out.reset();
            }
        }
    }

    boolean isClosed() {
        return closed;
    }

    long movedBytes() {
        return in.movedBytes() + out.movedBytes();
    }
}
