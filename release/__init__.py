"""What is made of the checkout to be given away: the wheel, its readme, and the pages of the site."""
