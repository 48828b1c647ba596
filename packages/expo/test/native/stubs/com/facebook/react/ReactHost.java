package com.facebook.react;

public interface ReactHost {}
