// Of Stash's sets of pictures those that the plugin uses, and one more of each: all of them are two megabytes, which each test would
// load anew.
import { faGithub } from "@fortawesome/free-brands-svg-icons/faGithub";
import { faHeart } from "@fortawesome/free-regular-svg-icons/faHeart";
import { faTv } from "@fortawesome/free-solid-svg-icons/faTv";

export const FontAwesomeBrands = { faGithub };
export const FontAwesomeRegular = { faHeart };
export const FontAwesomeSolid = { faTv };
