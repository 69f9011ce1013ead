extension ContinuousClock.Instant {
    /// Wall-clock seconds since this instant.
    package var elapsedSeconds: Double {
        let elapsed = (ContinuousClock.now - self).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    }
}
