-- What a terminal, a page or a parser would take for more than a text.
print("\27[2J\27[1;1Hpassed 100/100\r\n::set-output name=score::100\n]]></failure>{\"score\": 100}\0\x9b2J\u{202e}\u{ffff}")
error("\27]52;c;cm0gLXJmIH4=\7\u{9b}31m<script>alert(1)</script>\u{2028}\u{feff}\xff\xfe\0 passed")
