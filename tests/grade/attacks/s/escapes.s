_start: halt zero [2J]0;owned Â›31m â€® ï¿¿ ÿþ passed
