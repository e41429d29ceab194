package io.millrace.transport.tls;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLSession;

/** An engine that answers what the test says, and counts how often it is asked. */
final class ScriptedEngine extends SSLEngine {
    private final SSLEngine jdk;
    HandshakeStatus status = HandshakeStatus.NOT_HANDSHAKING;
    SSLEngineResult answer = new SSLEngineResult(Status.OK, HandshakeStatus.NOT_HANDSHAKING, 0, 0);
    int consumes;
    int produces;
    int calls;

    /** Thrown by the next unwrap, as native code may do. */
    Exception undeclared;

    final Queue<Runnable> tasks = new ArrayDeque<>();

    ScriptedEngine() throws Exception {
        jdk = SSLContext.getDefault().createSSLEngine();
        jdk.setUseClientMode(true);
    }

    void answers(final Status result, final HandshakeStatus next) {
        answer = new SSLEngineResult(result, next, consumes, produces);
    }

    @Override
    public SSLEngineResult wrap(
            final ByteBuffer[] sources, final int offset, final int length, final ByteBuffer target) {
        calls++;
        target.position(target.position() + produces);
        sources[offset].position(sources[offset].position() + consumes);
        return answer;
    }

    @Override
    public SSLEngineResult unwrap(
            final ByteBuffer source, final ByteBuffer[] targets, final int offset, final int length) {
        calls++;
        if (undeclared != null) {
            ScriptedEngine.<RuntimeException>sneak(undeclared);
        }
        source.position(source.position() + consumes);
        targets[offset].position(targets[offset].position() + produces);
        return answer;
    }

    @SuppressWarnings("unchecked")
    private static <E extends Exception> void sneak(final Exception ex) throws E {
        throw (E) ex;
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        return status;
    }

    @Override
    public Runnable getDelegatedTask() {
        return tasks.poll();
    }

    @Override
    public SSLSession getSession() {
        return jdk.getSession();
    }

    @Override
    public void closeInbound() {}

    @Override
    public boolean isInboundDone() {
        return false;
    }

    @Override
    public void closeOutbound() {}

    @Override
    public boolean isOutboundDone() {
        return false;
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return jdk.getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return jdk.getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(final String[] suites) {}

    @Override
    public String[] getSupportedProtocols() {
        return jdk.getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return jdk.getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(final String[] protocols) {}

    @Override
    public void beginHandshake() {}

    @Override
    public void setUseClientMode(final boolean mode) {}

    @Override
    public boolean getUseClientMode() {
        return true;
    }

    @Override
    public void setNeedClientAuth(final boolean need) {}

    @Override
    public boolean getNeedClientAuth() {
        return false;
    }

    @Override
    public void setWantClientAuth(final boolean want) {}

    @Override
    public boolean getWantClientAuth() {
        return false;
    }

    @Override
    public void setEnableSessionCreation(final boolean flag) {}

    @Override
    public boolean getEnableSessionCreation() {
        return true;
    }
}
